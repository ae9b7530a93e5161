// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0
pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Controls.Basic as Basic
import QtQuick.Templates as T
import Kith.Ui

// One person: who they are, what was said, and where to write.
Item {
    id: pane

    required property ClientModel client
    // Single pane: a way back to the list.
    property bool withBack: false
    readonly property ConversationModel conversation: client.conversation
    readonly property bool isContact: conversation.relation === PeopleModel.Contact
    readonly property bool asks: conversation.relation === PeopleModel.RequestReceived

    signal back()
    signal detailsWanted(string user)

    function focusComposer() {
        composer.area.forceActiveFocus()
    }

    Item {
        id: header

        width: parent.width
        height: 64

        IconButton {
            id: backButton

            anchors.left: parent.left
            anchors.leftMargin: Theme.space2
            anchors.verticalCenter: parent.verticalCenter
            visible: pane.withBack
            iconName: "back"
            text: qsTr("Back to the list")
            shortcutText: "Esc"
            onClicked: pane.back()
        }
        Avatar {
            id: avatar

            anchors.left: backButton.visible ? backButton.right : parent.left
            anchors.leftMargin: backButton.visible ? Theme.space1 : Theme.space4
            anchors.verticalCenter: parent.verticalCenter
            name: pane.conversation.displayName
            marked: pane.isContact
            presence: pane.conversation.presence
        }
        NameLabel {
            id: name

            anchors.left: avatar.right
            anchors.leftMargin: Theme.space3
            anchors.right: actions.left
            anchors.rightMargin: Theme.space2
            anchors.top: avatar.top
            text: pane.conversation.displayName
            verified: pane.conversation.verified
        }
        Label {
            id: standing

            anchors.left: name.left
            anchors.bottom: avatar.bottom
            width: Math.min(implicitWidth, name.width)
            font.pixelSize: Theme.textSmall
            color: Theme.muted
            text: {
                switch (pane.conversation.relation) {
                case PeopleModel.Contact: return pane.conversation.presenceText
                case PeopleModel.RequestSent: return qsTr("Waiting for an answer")
                case PeopleModel.RequestReceived: return qsTr("Would like to add you")
                case PeopleModel.Blocked: return qsTr("Blocked")
                default: return qsTr("Not among your contacts")
                }
            }
        }
        Label {
            id: mood

            anchors.left: standing.right
            anchors.leftMargin: Theme.space1
            anchors.right: name.right
            anchors.baseline: standing.baseline
            visible: pane.isContact && pane.conversation.mood !== "" && width > Theme.space5
            text: qsTr("· %1").arg(pane.conversation.mood)
            font.pixelSize: Theme.textSmall
            color: Theme.muted
        }
        Row {
            id: actions

            anchors.right: parent.right
            anchors.rightMargin: Theme.space2
            anchors.verticalCenter: parent.verticalCenter
            spacing: Theme.space1

            Button {
                visible: pane.isContact
                enabled: !pane.client.call.active && !pane.conversation.keyChanged
                iconName: "call"
                text: pane.width < 420 ? "" : qsTr("Call")
                Accessible.name: qsTr("Call %1").arg(pane.conversation.displayName)
                onClicked: pane.client.call.place(pane.conversation.user)
            }
            IconButton {
                id: more

                objectName: "personMenuButton"

                visible: pane.conversation.relation !== PeopleModel.Stranger
                iconName: "more"
                text: qsTr("More about %1").arg(pane.conversation.displayName)
                onClicked: menu.popup(more, 0, more.height)

                PersonMenu {
                    id: menu

                    conversation: pane.conversation
                    presence: pane.client.presence
                    onDetailsWanted: pane.detailsWanted(pane.conversation.user)
                    onViewWanted: viewDialog.ask(pane.conversation.user, pane.conversation.displayName,
                                                 pane.conversation.viewPresence, pane.conversation.viewMood)
                }
            }
        }
        Rectangle {
            anchors.bottom: parent.bottom
            width: parent.width
            height: 1
            color: Theme.line
        }
    }
    ListView {
        id: list

        // Whoever reads the newest goes on to do so when the list gets shorter or longer.
        property bool atNewest: true

        function showNewest() {
            positionViewAtBeginning();
            contentY += bottomMargin; // which it leaves out
        }

        anchors.top: header.bottom
        anchors.bottom: notice.top
        anchors.left: parent.left
        anchors.right: parent.right
        anchors.leftMargin: Theme.space4
        anchors.rightMargin: Theme.space4
        clip: true
        model: pane.conversation
        verticalLayoutDirection: ListView.BottomToTop
        boundsBehavior: Flickable.StopAtBounds
        topMargin: Theme.space3
        bottomMargin: Theme.space3
        activeFocusOnTab: true
        Accessible.role: Accessible.List
        Accessible.name: qsTr("Messages")
        onMovementEnded: atNewest = atYEnd
        onHeightChanged: if (atNewest) showNewest()
        onCountChanged: if (atNewest) showNewest()
        onModelChanged: atNewest = true
        Basic.ScrollBar.vertical: Basic.ScrollBar {}

        delegate: EntryRow {
            width: list.width
        }
    }
    Label {
        anchors.centerIn: list
        width: Math.min(list.width, 320)
        visible: list.count === 0
        horizontalAlignment: Text.AlignHCenter
        wrapMode: Text.Wrap
        color: Theme.muted
        text: pane.isContact ? qsTr("Nothing written yet. What you write is readable for the two of you only.")
              : pane.conversation.relation === PeopleModel.Blocked
                ? qsTr("You blocked %1. They find nobody here and are not told why.").arg(pane.conversation.displayName)
              : pane.conversation.relation === PeopleModel.RequestSent
                ? qsTr("You can write and call when %1 has accepted your request.").arg(pane.conversation.displayName)
                : qsTr("Accept the request to write and call.")
    }
    Row {
        anchors.bottom: composer.top
        anchors.horizontalCenter: parent.horizontalCenter
        anchors.bottomMargin: Theme.space4
        spacing: Theme.space2

        Button {
            visible: pane.conversation.relation === PeopleModel.RequestSent
            text: qsTr("Withdraw the request")
            onClicked: pane.client.people.withdraw(pane.conversation.user)
        }
        Button {
            visible: pane.asks
            kind: Button.Primary
            text: qsTr("Accept")
            onClicked: pane.client.people.accept(pane.conversation.user)
        }
        Button {
            visible: pane.asks
            text: qsTr("Decline")
            onClicked: pane.client.people.decline(pane.conversation.user)
        }
    }
    Notice {
        id: notice

        anchors.bottom: composer.top
        anchors.left: parent.left
        anchors.right: parent.right
        anchors.leftMargin: Theme.space4
        anchors.rightMargin: Theme.space4
        anchors.bottomMargin: visible ? Theme.space2 : 0
        height: visible ? implicitHeight : 0
        text: pane.conversation.keyChanged && pane.conversation.failureText === ""
              ? qsTr("%1 has another key than before. What you write waits until you accept it in the details.").arg(
                    pane.conversation.displayName)
              : pane.conversation.failureText
    }
    ViewDialog {
        id: viewDialog

        parent: T.Overlay.overlay
        presence: pane.client.presence
    }
    Composer {
        id: composer

        anchors.bottom: parent.bottom
        width: parent.width
        height: visible ? implicitHeight : 0
        visible: pane.isContact
        conversation: pane.conversation
    }
}
