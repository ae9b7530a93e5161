// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0
pragma ComponentBehavior: Bound

import QtQuick
import Kith.Ui

// Me, at the top of the left pane: name, mood, and what everybody sees.
Item {
    id: me

    required property ClientModel client
    readonly property int least: 64
    readonly property bool connected: client.account.connection === AccountModel.Online

    signal settingsWanted()

    // A sentence about trouble is read whole.
    height: connected ? least : Math.max(least, standing.y + standing.height + Theme.space3)

    Avatar {
        id: picture

        anchors.left: parent.left
        anchors.leftMargin: Theme.space4
        y: (me.least - height) / 2
        name: me.client.account.displayName
        marked: true
        presence: me.connected ? me.client.presence.shown : PresenceModel.Offline
    }
    Label {
        id: myName

        anchors.left: picture.right
        anchors.leftMargin: Theme.space3
        anchors.right: seenAs.left
        anchors.top: picture.top
        anchors.topMargin: -2
        text: me.client.account.displayName
        strong: true
    }
    MoodField {
        anchors.left: myName.left
        anchors.leftMargin: -Theme.space1
        anchors.right: seenAs.left
        anchors.top: myName.bottom
        visible: me.connected
        presence: me.client.presence
    }
    Label {
        id: standing

        anchors.left: myName.left
        anchors.right: myName.right
        anchors.top: myName.bottom
        anchors.topMargin: 3
        visible: !me.connected
        wrapMode: Text.Wrap
        text: me.client.account.statusText
        font.pixelSize: Theme.textSmall
        color: Theme.muted
    }
    IconButton {
        id: seenAs

        objectName: "presenceButton"

        anchors.right: settings.left
        y: (me.least - height) / 2
        visible: me.connected
        width: visible ? implicitWidth : 0
        iconName: ""
        text: qsTr("Others see you as: %1").arg(me.client.presence.words(me.client.presence.shown))
        Accessible.description: qsTr("Opens a menu to choose what others see")
        onClicked: menu.popup(seenAs, 0, seenAs.height)

        Row {
            anchors.centerIn: parent
            spacing: 2

            PresenceMark {
                anchors.verticalCenter: parent.verticalCenter
                presence: me.client.presence.shown
            }
            Icon {
                anchors.verticalCenter: parent.verticalCenter
                name: "down"
                size: 12
                color: Theme.muted
            }
        }
        PresenceMenu {
            id: menu

            presence: me.client.presence
        }
    }
    IconButton {
        id: settings

        anchors.right: parent.right
        anchors.rightMargin: Theme.space2
        y: (me.least - height) / 2
        iconName: "settings"
        text: qsTr("Settings")
        shortcutText: "Ctrl+,"
        onClicked: me.settingsWanted()
    }
}
