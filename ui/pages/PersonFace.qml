// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0
pragma ComponentBehavior: Bound

import QtQuick
import Kith.Ui

// What a row of the left pane shows of a person.
Item {
    id: row

    required property string displayName
    required property int relation
    required property int presence
    required property string mood
    required property string requestText
    required property int unread
    required property string lastLine
    required property string lastTime
    required property bool verified
    required property bool keyChanged
    readonly property bool asks: relation === PeopleModel.RequestReceived

    signal accepted()
    signal declined()

    implicitHeight: asks ? request.implicitHeight + Theme.row : Theme.row

    Avatar {
        id: avatar

        anchors.left: parent.left
        anchors.leftMargin: Theme.space4
        y: (Theme.row - height) / 2
        name: row.displayName
        marked: row.relation === PeopleModel.Contact
        presence: row.presence
    }
    NameLabel {
        id: name

        anchors.left: avatar.right
        anchors.leftMargin: Theme.space3
        anchors.top: avatar.top
        anchors.topMargin: second.visible ? 0 : (avatar.height - implicitHeight) / 2
        width: Math.min(implicitWidth, time.x - x - Theme.space2)
        text: row.displayName
        verified: row.verified
    }
    // What fits beside the name; whoever opens the conversation reads all of it.
    Label {
        anchors.left: name.right
        anchors.leftMargin: Theme.space2
        anchors.right: time.left
        anchors.rightMargin: Theme.space2
        anchors.baseline: name.baseline
        visible: text !== "" && width > Theme.space6
        text: row.mood
        font.pixelSize: Theme.textSmall
        color: Theme.muted
    }
    Label {
        id: second

        anchors.left: name.left
        anchors.right: badge.visible ? badge.left : parent.right
        anchors.rightMargin: badge.visible ? Theme.space2 : Theme.space4
        anchors.bottom: avatar.bottom
        visible: text !== ""
        text: row.asks ? qsTr("would like to add you")
                       : row.keyChanged ? qsTr("Has another key than before")
                       : row.relation === PeopleModel.RequestSent ? qsTr("Request sent, waiting for an answer")
                                                                  : row.lastLine
        font.pixelSize: Theme.textSmall
        color: row.keyChanged ? Theme.hangUp : row.unread > 0 ? Theme.text : Theme.muted
    }
    Label {
        id: time

        anchors.right: parent.right
        anchors.rightMargin: Theme.space4
        anchors.baseline: name.baseline
        text: row.lastTime
        font.pixelSize: Theme.textSmall
        color: Theme.muted
    }
    Rectangle {
        id: badge

        anchors.right: parent.right
        anchors.rightMargin: Theme.space4
        anchors.verticalCenter: second.verticalCenter
        visible: row.unread > 0
        width: Math.max(height, count.implicitWidth + Theme.space2)
        height: 18
        radius: 9
        color: Theme.accent
        Accessible.name: qsTr("%n unread message(s)", "", row.unread)

        Label {
            id: count

            anchors.centerIn: parent
            text: row.unread > 99 ? "99+" : row.unread
            font.pixelSize: 11
            strong: true
            color: Theme.accentInk
        }
    }
    Column {
        id: request

        anchors.left: name.left
        anchors.right: parent.right
        anchors.rightMargin: Theme.space4
        anchors.top: avatar.bottom
        anchors.topMargin: Theme.space1
        visible: row.asks
        bottomPadding: Theme.space2
        spacing: Theme.space2

        Label {
            width: parent.width
            visible: text !== ""
            text: row.requestText
            wrapMode: Text.Wrap
            maximumLineCount: 4
        }
        Row {
            spacing: Theme.space2

            Button {
                kind: Button.Primary
                text: qsTr("Accept")
                onClicked: row.accepted()
            }
            Button {
                text: qsTr("Decline")
                onClicked: row.declined()
            }
        }
    }
}
