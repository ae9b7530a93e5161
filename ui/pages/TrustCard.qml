// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0
pragma ComponentBehavior: Bound

import QtQuick
import Kith.Ui

// The safety number to compare, as digits and as a QR code, and what was found.
Rectangle {
    id: card

    required property PersonModel person

    implicitHeight: column.implicitHeight + 2 * Theme.space4
    radius: Theme.radiusLarge
    color: Theme.raised

    Column {
        id: column

        x: Theme.space4
        y: Theme.space4
        width: parent.width - 2 * Theme.space4
        spacing: Theme.space3

        Row {
            width: parent.width
            spacing: Theme.space2

            Icon {
                id: mark

                name: card.person.keyChanged ? "warning" : "verified"
                color: card.person.keyChanged ? Theme.hangUp : card.person.verified ? Theme.answer : Theme.muted
            }
            Label {
                width: parent.width - mark.width - Theme.space2
                wrapMode: Text.Wrap
                strong: true
                text: card.person.keyChanged ? qsTr("%1 has another key than before").arg(card.person.shownName)
                      : card.person.verified ? qsTr("You verified %1").arg(card.person.shownName)
                                             : qsTr("Safety number")
            }
        }
        Label {
            width: parent.width
            wrapMode: Text.Wrap
            color: Theme.muted
            text: card.person.keyChanged
                  ? qsTr("They may have begun anew, or somebody stands between you. Nothing is sent until you accept "
                         + "the new key. Compare this number with them first.")
                  : qsTr("If %1 sees the same number on their screen, nobody stands between you.").arg(
                        card.person.shownName)
        }
        Flow {
            width: parent.width
            spacing: Theme.space4

            QrCode {
                width: 148
                height: 148
                text: card.person.safetyNumber.replace(/ /g, "")
                Accessible.role: Accessible.Graphic
                Accessible.name: qsTr("QR code of the safety number")
            }
            Grid {
                columns: 3
                rowSpacing: Theme.space2
                columnSpacing: Theme.space3
                Accessible.role: Accessible.StaticText
                Accessible.name: card.person.safetyNumber

                Repeater {
                    model: card.person.safetyNumber.split(" ")

                    Label {
                        required property string modelData

                        text: modelData
                        font.pixelSize: Theme.textLarge
                        Accessible.ignored: true
                    }
                }
            }
        }
        Button {
            visible: card.person.keyChanged
            kind: Button.Primary
            text: qsTr("Accept the new key")
            onClicked: card.person.acceptKey()
        }
        Button {
            visible: !card.person.keyChanged
            text: card.person.verified ? qsTr("No longer verified") : qsTr("Mark as verified")
            onClicked: card.person.setVerified(!card.person.verified)
        }
    }
}
