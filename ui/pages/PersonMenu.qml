// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0
pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Controls.Basic as Basic
import Kith.Ui

// What can be done about one contact.
Basic.Menu {
    id: menu

    required property ConversationModel conversation
    required property PresenceModel presence

    signal detailsWanted()
    signal viewWanted()

    width: 300
    padding: Theme.space1
    background: Rectangle {
        radius: Theme.radius
        color: Theme.background
        border.width: 1
        border.color: Theme.line
    }

    MenuEntry {
        iconName: "person"
        text: qsTr("Details")
        onTriggered: menu.detailsWanted()
    }
    MenuEntry {
        visible: menu.conversation.relation === PeopleModel.Contact
        height: visible ? implicitHeight : 0
        presence: menu.conversation.viewPresence === PresenceModel.Same ? menu.presence.shown
                                                                         : menu.conversation.viewPresence
        text: qsTr("What they see of you …")
        onTriggered: menu.viewWanted()
    }
}
