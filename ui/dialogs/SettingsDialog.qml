// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0
pragma ComponentBehavior: Bound

import QtQuick
import Kith.Ui

// Sound devices, look, who finds me, account.
Sheet {
    id: dialog

    required property ClientModel client

    signal inviteWanted()

    title: qsTr("Settings")
    buttons: [
        Button {
            kind: Button.Primary
            text: qsTr("Done")
            focus: true
            onClicked: dialog.close()
        },
        Button {
            iconName: "signout"
            text: qsTr("Sign out")
            onClicked: {
                dialog.close()
                dialog.client.account.signOut()
            }
        }
    ]

    Drop {
        width: parent.width
        label: qsTr("Microphone")
        options: dialog.client.sound.inputs
        current: dialog.client.sound.input
        onChosen: index => dialog.client.sound.input = index
    }
    Drop {
        width: parent.width
        label: qsTr("Speaker")
        options: dialog.client.sound.outputs
        current: dialog.client.sound.output
        onChosen: index => dialog.client.sound.output = index
    }
    Column {
        width: parent.width
        spacing: Theme.space1

        Label {
            text: qsTr("Appearance")
            font.pixelSize: Theme.textSmall
            color: Theme.muted
        }
        Choice {
            width: parent.width
            options: [qsTr("As the desktop"), qsTr("Light"), qsTr("Dark")]
            currentIndex: Theme.scheme
            onCurrentIndexChanged: Theme.scheme = currentIndex
            name: qsTr("Appearance")
        }
    }
    Column {
        width: parent.width
        spacing: Theme.space1

        Label {
            text: qsTr("Who can find me")
            font.pixelSize: Theme.textSmall
            color: Theme.muted
        }
        Choice {
            id: findable

            width: parent.width
            options: [qsTr("Nobody"), qsTr("By user name"), qsTr("Everybody")]
            name: qsTr("Who can find me")
            currentIndex: dialog.client.account.findable
            onCurrentIndexChanged: dialog.client.account.findable = currentIndex

            // Another program, or another device, may choose, too.
            Connections {
                function onChanged() {
                    findable.currentIndex = dialog.client.account.findable
                }

                target: dialog.client.account
            }
        }
        Label {
            width: parent.width
            wrapMode: Text.Wrap
            text: [qsTr("Your contacts still reach you."),
                qsTr("Whoever types your whole user name finds you."),
                qsTr("Whoever types a part of your name finds you.")][findable.currentIndex]
            font.pixelSize: Theme.textSmall
            color: Theme.muted
        }
    }
    Button {
        visible: dialog.client.starter.present
        iconName: "link"
        text: qsTr("Invite somebody to this network")
        onClicked: {
            dialog.close()
            dialog.inviteWanted()
        }
    }
    Label {
        width: parent.width
        wrapMode: Text.Wrap
        color: Theme.muted
        font.pixelSize: Theme.textSmall
        text: qsTr("Signed in as %1 on %2.").arg(dialog.client.account.user).arg(dialog.client.account.network)
    }
}
