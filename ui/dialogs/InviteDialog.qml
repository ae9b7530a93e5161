// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0
pragma ComponentBehavior: Bound

import QtQuick
import Kith.Ui

// A link to send to somebody who is to join this network.
Sheet {
    id: dialog

    required property NetworkStarter starter
    property string link

    title: qsTr("Invite somebody")
    onOpened: {
        link = ""
        starter.invite()
    }
    buttons: [
        Button {
            kind: Button.Primary
            enabled: dialog.link !== ""
            iconName: "copy"
            text: qsTr("Copy link")
            onClicked: {
                words.selectAll()
                words.copy()
                words.deselect()
                dialog.close()
            }
        },
        Button {
            text: qsTr("Close")
            onClicked: dialog.close()
        }
    ]

    Connections {
        target: dialog.starter

        function onInvited(link: string) {
            dialog.link = link
        }
        function onFailed(why: string) {
            trouble.text = why
        }
    }

    Label {
        width: parent.width
        wrapMode: Text.Wrap
        color: Theme.muted
        text: qsTr("Send this link to one person. It lets them create an account on your network; keep it from others.")
    }
    Rectangle {
        width: parent.width
        implicitHeight: Math.max(Theme.row, words.implicitHeight + 2 * Theme.space3)
        radius: Theme.radius
        color: Theme.raised

        TextEdit {
            id: words

            anchors.fill: parent
            anchors.margins: Theme.space3
            readOnly: true
            selectByMouse: true
            wrapMode: TextEdit.WrapAnywhere
            text: dialog.link
            color: Theme.text
            selectionColor: Theme.accent
            selectedTextColor: Theme.accentInk
            font.pixelSize: Theme.textSmall
            Accessible.name: qsTr("Link")
        }
        Busy {
            anchors.centerIn: parent
            visible: dialog.link === "" && trouble.text === ""
        }
    }
    Notice {
        id: trouble

        width: parent.width
    }
}
