// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0
pragma ComponentBehavior: Bound

import QtQuick
import Kith.Ui

// The call on the line, visible wherever one is in the program.
Rectangle {
    id: bar

    required property CallModel call
    readonly property bool narrow: width < 520

    implicitHeight: content.implicitHeight + 2 * Theme.space3
    color: Theme.raised
    Accessible.role: Accessible.Grouping
    Accessible.name: qsTr("Call with %1").arg(call.displayName)

    Column {
        id: content

        anchors.left: parent.left
        anchors.right: parent.right
        anchors.leftMargin: Theme.space4
        anchors.rightMargin: Theme.space4
        anchors.verticalCenter: parent.verticalCenter
        spacing: Theme.space2

        Item {
            width: parent.width
            implicitHeight: Theme.controlHeight

            Avatar {
                id: avatar

                anchors.verticalCenter: parent.verticalCenter
                name: bar.call.displayName
            }
            NameLabel {
                id: name

                anchors.left: avatar.right
                anchors.leftMargin: Theme.space3
                anchors.right: controls.left
                anchors.rightMargin: Theme.space2
                anchors.top: avatar.top
                text: bar.call.displayName
                verified: bar.call.verified
            }
            Label {
                anchors.left: name.left
                anchors.right: name.right
                anchors.bottom: avatar.bottom
                font.pixelSize: Theme.textSmall
                color: Theme.muted
                text: bar.call.statusText
                Accessible.role: Accessible.StaticText
                Accessible.name: text
            }
            Row {
                id: controls

                anchors.right: parent.right
                spacing: Theme.space2

                IconButton {
                    visible: bar.call.talking
                    on: bar.call.muted
                    iconName: bar.call.muted ? "micoff" : "mic"
                    ink: bar.call.muted ? Theme.accent : Theme.text
                    text: bar.call.muted ? qsTr("Unmute microphone") : qsTr("Mute microphone")
                    shortcutText: "Ctrl+M"
                    onClicked: bar.call.setMuted(!bar.call.muted)
                }
                IconButton {
                    visible: bar.call.talking
                    on: bar.call.heldByUs
                    iconName: bar.call.heldByUs ? "resume" : "hold"
                    ink: bar.call.heldByUs ? Theme.accent : Theme.text
                    text: bar.call.heldByUs ? qsTr("Resume call") : qsTr("Hold call")
                    shortcutText: "Ctrl+H"
                    onClicked: bar.call.setHeld(!bar.call.heldByUs)
                }
                Button {
                    kind: Button.HangUp
                    iconName: "hangup"
                    text: bar.narrow ? "" : bar.call.talking ? qsTr("Hang up") : qsTr("Cancel")
                    Accessible.name: bar.call.talking ? qsTr("Hang up") : qsTr("Cancel call")
                    onClicked: bar.call.hangUp()
                }
            }
        }
        Label {
            width: parent.width
            visible: bar.call.talking && text !== "" && !bar.narrow
            text: bar.call.qualityText
            font.pixelSize: Theme.textSmall
            color: Theme.muted
        }
        Notice {
            width: parent.width
            text: bar.call.troubleText
        }
    }
    Rectangle {
        anchors.bottom: parent.bottom
        width: parent.width
        height: 1
        color: Theme.line
    }
}
