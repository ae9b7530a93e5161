// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

import QtQuick
import Kith.Ui

// People on the left, the conversation on the right; one of the two when the window is narrow.
Item {
    id: page

    required property ClientModel client
    readonly property bool single: width < 680
    readonly property bool open: client.conversation.user !== ""

    signal settingsWanted()
    signal inviteWanted()
    signal detailsWanted(string user)

    function focusSearch() {
        if (single)
            client.conversation.user = ""
        people.searchField.forceActiveFocus()
        people.searchField.selectAll()
    }

    CallBar {
        id: bar

        width: parent.width
        height: visible ? implicitHeight : 0
        visible: page.client.call.active
        call: page.client.call
    }
    Item {
        anchors.top: bar.bottom
        anchors.bottom: parent.bottom
        width: parent.width

        PeoplePane {
            id: people

            width: page.single ? parent.width : Theme.leftPane
            height: parent.height
            visible: !page.single || !page.open
            client: page.client
            onSettingsWanted: page.settingsWanted()
            onInviteWanted: page.inviteWanted()
        }
        Rectangle {
            anchors.left: people.right
            visible: !page.single
            width: 1
            height: parent.height
            color: Theme.line
        }
        ConversationPane {
            anchors.right: parent.right
            width: page.single ? parent.width : parent.width - Theme.leftPane - 1
            height: parent.height
            visible: page.open
            client: page.client
            withBack: page.single
            onBack: page.client.conversation.user = ""
            onDetailsWanted: user => page.detailsWanted(user)
        }
        Label {
            x: Theme.leftPane + (parent.width - Theme.leftPane - width) / 2
            anchors.verticalCenter: parent.verticalCenter
            visible: !page.single && !page.open
            width: Math.min(implicitWidth, parent.width - Theme.leftPane - 2 * Theme.space5)
            wrapMode: Text.Wrap
            color: Theme.muted
            text: qsTr("Choose somebody on the left to write or call.")
        }
    }
}
