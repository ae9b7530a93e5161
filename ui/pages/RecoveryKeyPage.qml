// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

import QtQuick
import Kith.Ui

// Once, after signing up: the key that brings an account back when the password is forgotten.
Item {
    id: page

    required property ClientModel client
    readonly property AccountModel account: client.account

    Column {
        anchors.centerIn: parent
        width: Math.min(parent.width - 2 * Theme.space4, 460)
        spacing: Theme.space4

        Label {
            width: parent.width
            text: qsTr("Your recovery key")
            font.pixelSize: Theme.textTitle
            strong: true
        }
        Label {
            width: parent.width
            wrapMode: Text.Wrap
            color: Theme.muted
            text: qsTr("Write it down and keep it safe. It is the only way back into your account if you forget your password, and nobody else has a copy.")
        }
        Rectangle {
            width: parent.width
            implicitHeight: key.implicitHeight + 2 * Theme.space4
            radius: Theme.radiusLarge
            color: Theme.raised
            border.width: 1
            border.color: Theme.line

            TextEdit {
                id: key

                anchors.fill: parent
                anchors.margins: Theme.space4
                readOnly: true
                selectByMouse: true
                wrapMode: TextEdit.Wrap
                horizontalAlignment: TextEdit.AlignHCenter
                text: page.account.recoveryKey
                color: Theme.text
                selectionColor: Theme.accent
                selectedTextColor: Theme.accentInk
                font.pixelSize: Theme.textLarge
                font.family: "Noto Sans Mono"
                Accessible.name: qsTr("Recovery key")
            }
        }
        Flow {
            width: parent.width
            spacing: Theme.space2
            layoutDirection: Qt.RightToLeft

            Button {
                kind: Button.Primary
                focus: true
                text: qsTr("I have written it down")
                onClicked: page.account.recoveryKeySeen()
            }
            Button {
                iconName: "copy"
                text: qsTr("Copy")
                onClicked: {
                    key.selectAll()
                    key.copy()
                    key.deselect()
                }
            }
        }
    }
}
