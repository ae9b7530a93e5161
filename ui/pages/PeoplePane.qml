// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0
pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Controls.Basic as Basic
import QtQuick.Templates as T
import Kith.Ui

// The left pane: me, the search field, requests and contacts.
Item {
    id: pane

    required property ClientModel client
    property alias searchField: search

    signal settingsWanted()
    signal inviteWanted()

    function add(user: string, name: string) {
        requestDialog.ask(user, name)
    }

    MyFace {
        id: me

        width: parent.width
        client: pane.client
        onSettingsWanted: pane.settingsWanted()
    }
    Basic.TextField {
        id: search

        anchors.top: me.bottom
        anchors.left: parent.left
        anchors.right: parent.right
        anchors.leftMargin: Theme.space4
        anchors.rightMargin: Theme.space4
        height: Theme.controlHeight
        leftPadding: Theme.space3 + Theme.icon + Theme.space2
        rightPadding: clear.visible ? Theme.controlHeight : Theme.space3
        color: Theme.text
        font.pixelSize: Theme.textNormal
        text: pane.client.search.text
        placeholderText: qsTr("Find people")
        placeholderTextColor: Theme.muted
        selectionColor: Theme.accent
        selectedTextColor: Theme.accentInk
        selectByMouse: true
        maximumLength: 64
        Accessible.name: qsTr("Find people by name")
        Keys.onEscapePressed: text = ""
        onAccepted: pane.client.search.askNow()
        Keys.onDownPressed: people.forceActiveFocus()
        onTextChanged: {
            pane.client.search.text = text
            pane.client.people.filter = text
        }

        background: Rectangle {
            radius: Theme.radius
            color: Theme.raised
            border.width: search.activeFocus ? 2 : 0
            border.color: Theme.accent
        }
        Icon {
            x: Theme.space3
            anchors.verticalCenter: parent.verticalCenter
            name: "search"
            color: Theme.muted
        }
        IconButton {
            id: clear

            anchors.right: parent.right
            visible: search.text !== ""
            iconName: "close"
            ink: Theme.muted
            text: qsTr("Clear search")
            onClicked: search.text = ""
        }
    }
    ListView {
        id: people

        anchors.top: search.bottom
        anchors.topMargin: Theme.space2
        width: parent.width
        height: Math.max(0, Math.min(contentHeight, pane.height - y - network.implicitHeight))
        clip: true
        model: pane.client.people
        boundsBehavior: Flickable.StopAtBounds
        activeFocusOnTab: true
        keyNavigationEnabled: true
        currentIndex: -1
        Accessible.role: Accessible.List
        Accessible.name: qsTr("People")
        Basic.ScrollBar.vertical: Basic.ScrollBar {}
        onActiveFocusChanged: if (activeFocus && currentIndex < 0 && count > 0) currentIndex = 0

        delegate: PersonRow {
            width: people.width
            highlighted: user === pane.client.conversation.user
            focus: ListView.isCurrentItem
            onChosen: pane.client.conversation.user = user
            onAccepted: pane.client.people.accept(user)
            onDeclined: pane.client.people.decline(user)
        }
    }
    // Below the list: what the directory found, or a word on how to find people.
    Column {
        id: network

        anchors.top: people.bottom
        width: parent.width
        topPadding: Theme.space2
        bottomPadding: Theme.space4

        Label {
            leftPadding: Theme.space4
            bottomPadding: Theme.space1
            visible: search.text !== "" && (found.count > 0 || hint.visible || pane.client.search.searching)
            text: qsTr("On the network")
            font.pixelSize: Theme.textSmall
            color: Theme.muted
            strong: true
        }
        Busy {
            leftPadding: Theme.space4
            visible: pane.client.search.searching && found.count === 0
        }
        Repeater {
            id: found

            model: pane.client.search

            FoundRow {
                width: network.width
                onAdded: pane.add(user, displayName)
                onChosen: pane.client.conversation.user = user
            }
        }
        Label {
            id: hint

            width: parent.width
            leftPadding: Theme.space4
            rightPadding: Theme.space4
            visible: text !== ""
            text: pane.client.search.hint
            color: Theme.muted
            wrapMode: Text.Wrap
        }
        Label {
            width: parent.width
            padding: Theme.space4
            visible: search.text === "" && people.count < 2
            text: qsTr("Find people you know by typing their name above. Both sides agree before you can talk.")
            color: Theme.muted
            wrapMode: Text.Wrap
        }
        Button {
            x: Theme.space4
            visible: search.text === "" && people.count < 2 && pane.client.starter.present
            iconName: "link"
            text: qsTr("Invite somebody")
            onClicked: pane.inviteWanted()
        }
    }
    RequestDialog {
        id: requestDialog

        parent: T.Overlay.overlay
        onSent: (user, text) => {
            pane.client.people.add(user, text)
            search.text = ""
        }
    }
}
