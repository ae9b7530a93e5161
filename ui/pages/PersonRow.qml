// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0
pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Controls.Basic as Basic
import Kith.Ui

// A person in the left pane.
Basic.ItemDelegate {
    id: row

    required property string user
    required property string displayName
    required property int relation
    required property int presence
    required property string presenceText
    required property string mood
    required property string requestText
    required property int unread
    required property string lastLine
    required property string lastTime
    required property bool verified
    required property bool keyChanged
    required property string section
    readonly property bool asks: relation === PeopleModel.RequestReceived

    signal chosen()
    signal accepted()
    signal declined()

    implicitHeight: contentItem.implicitHeight + topPadding
    padding: 0
    topPadding: headline.height
    hoverEnabled: true
    Accessible.name: asks ? qsTr("%1 would like to add you").arg(displayName)
                          : relation === PeopleModel.Blocked ? qsTr("%1, blocked").arg(displayName)
                          : mood === "" ? qsTr("%1, %2").arg(displayName).arg(presenceText)
                                        : qsTr("%1, %2, %3").arg(displayName).arg(presenceText).arg(mood)
    Accessible.description: keyChanged ? qsTr("Has another key than before") : verified ? qsTr("Verified") : ""
    onClicked: row.chosen()
    Keys.onReturnPressed: row.chosen()

    background: Rectangle {
        anchors.fill: parent
        anchors.topMargin: row.topPadding
        anchors.leftMargin: Theme.space2
        anchors.rightMargin: Theme.space2
        radius: Theme.radius
        color: row.highlighted ? Theme.accentSoft : row.hovered ? Theme.raised : "transparent"
        border.width: row.visualFocus ? 2 : 0
        border.color: Theme.accent
    }
    contentItem: PersonFace {
        displayName: row.displayName
        relation: row.relation
        presence: row.presence
        mood: row.mood
        requestText: row.requestText
        unread: row.unread
        lastLine: row.lastLine
        lastTime: row.lastTime
        verified: row.verified
        keyChanged: row.keyChanged
        onAccepted: row.accepted()
        onDeclined: row.declined()
    }
    // What all from here on have in common.
    Label {
        id: headline

        width: row.width
        height: visible ? implicitHeight : 0
        visible: row.section !== ""
        leftPadding: Theme.space4
        topPadding: Theme.space3
        bottomPadding: Theme.space1
        text: row.section
        font.pixelSize: Theme.textSmall
        color: Theme.muted
        strong: true
    }
}
