// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0
pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Controls.Basic as Basic
import Kith.Ui

// What we alone say of a person, and who they prove to be.
Sheet {
    id: dialog

    required property PersonModel person
    readonly property bool blocked: person.relation === PeopleModel.Blocked
    readonly property bool listed: person.relation !== PeopleModel.Stranger

    title: person.shownName
    onClosed: {
        person.save(alias.text, note.text, groups.text)
        person.user = ""
    }
    buttons: [
        Button {
            kind: Button.Primary
            text: qsTr("Done")
            focus: true
            onClicked: dialog.close()
        },
        Button {
            visible: dialog.person.relation === PeopleModel.Contact
            text: qsTr("Remove")
            onClicked: {
                dialog.person.remove()
                dialog.close()
            }
        },
        Button {
            text: dialog.blocked ? qsTr("Unblock") : qsTr("Block")
            Accessible.description: qsTr("Who is blocked finds nobody here and is not told why.")
            onClicked: dialog.person.setBlocked(!dialog.blocked)
        }
    ]

    Connections {
        target: dialog.person

        function onUserChanged() {
            if (dialog.person.user === "") {
                dialog.close()
                return
            }
            alias.text = dialog.person.alias
            groups.text = dialog.person.groups
            note.text = dialog.person.note
            dialog.open()
        }
    }
    Basic.ScrollView {
        id: scroll

        width: parent.width
        height: Math.min(body.implicitHeight, (dialog.parent ? dialog.parent.height : 600) - 200)
        contentWidth: availableWidth
        clip: true

        Column {
            id: body

            width: scroll.availableWidth
            spacing: Theme.space4

            Row {
                width: parent.width
                spacing: Theme.space3

                Label {
                    width: parent.width - favourite.width - Theme.space3
                    anchors.verticalCenter: parent.verticalCenter
                    color: Theme.muted
                    wrapMode: Text.Wrap
                    text: dialog.blocked
                          ? qsTr("You blocked %1. They find nobody here and are not told why.").arg(dialog.person.ownName)
                          : qsTr("%1 · %2").arg(dialog.person.ownName).arg(dialog.person.user)
                }
                IconButton {
                    id: favourite

                    visible: dialog.listed && !dialog.blocked
                    iconName: "star"
                    on: dialog.person.favourite
                    ink: on ? Theme.accent : Theme.muted
                    text: on ? qsTr("No longer a favourite") : qsTr("Make a favourite")
                    onClicked: dialog.person.setFavourite(!dialog.person.favourite)
                }
            }
            Notice {
                width: parent.width
                visible: text !== ""
                text: dialog.person.failureText
            }
            TrustCard {
                width: parent.width
                visible: dialog.person.safetyNumber !== "" && !dialog.blocked
                person: dialog.person
            }
            Field {
                id: alias

                width: parent.width
                label: qsTr("What you call them")
                maximumLength: 64
            }
            Field {
                id: groups

                width: parent.width
                label: qsTr("Groups, separated by commas")
            }
            TextBox {
                id: note

                width: parent.width
                label: qsTr("Note, for your eyes only")
                limit: 500
            }
        }
    }
}
