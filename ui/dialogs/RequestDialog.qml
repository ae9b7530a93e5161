// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0
pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Controls.Basic as Basic
import Kith.Ui

// Asks somebody to become a contact, with a few words.
Sheet {
    id: dialog

    property string user

    signal sent(string user, string text)

    function ask(user: string, name: string) {
        dialog.user = user
        title = qsTr("Add %1").arg(name)
        words.text = ""
        open()
        words.forceActiveFocus()
    }

    title: ""
    buttons: [
        Button {
            kind: Button.Primary
            text: qsTr("Send request")
            onClicked: {
                dialog.sent(dialog.user, words.text)
                dialog.close()
            }
        },
        Button {
            text: qsTr("Cancel")
            onClicked: dialog.close()
        }
    ]

    Label {
        width: parent.width
        wrapMode: Text.Wrap
        color: Theme.muted
        text: qsTr("A few words help them to know who you are. They decide whether to accept.")
    }
    Basic.ScrollView {
        width: parent.width
        height: 96

        Basic.TextArea {
            id: words

            readonly property int limit: 300

            padding: Theme.space3
            color: Theme.text
            font.pixelSize: Theme.textNormal
            placeholderText: qsTr("Hello, it's me …")
            placeholderTextColor: Theme.muted
            selectionColor: Theme.accent
            selectedTextColor: Theme.accentInk
            wrapMode: TextEdit.Wrap
            selectByMouse: true
            KeyNavigation.priority: KeyNavigation.BeforeItem
            KeyNavigation.tab: dialog.buttons[0]
            Accessible.name: qsTr("A few words to them")
            onTextChanged: if (length > limit) remove(limit, length)

            background: Rectangle {
                radius: Theme.radius
                color: Theme.background
                border.width: words.activeFocus ? 2 : 1
                border.color: words.activeFocus ? Theme.accent : Theme.control
            }
        }
    }
}
