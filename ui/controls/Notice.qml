// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0
pragma ComponentBehavior: Bound

import QtQuick
import Kith.Ui

// A sentence about trouble, where it happened.
Rectangle {
    id: notice

    property string text
    property string iconName: "warning"

    visible: text !== ""
    implicitHeight: Math.max(Theme.controlHeight, label.implicitHeight + 2 * Theme.space2)
    radius: Theme.radius
    color: Theme.raised
    border.width: 1
    border.color: Theme.line
    Accessible.role: Accessible.AlertMessage
    Accessible.name: text

    Icon {
        id: icon

        anchors.left: parent.left
        anchors.leftMargin: Theme.space3
        anchors.verticalCenter: parent.verticalCenter
        name: notice.iconName
        color: Theme.away
    }
    Label {
        id: label

        anchors.left: icon.right
        anchors.right: parent.right
        anchors.leftMargin: Theme.space2
        anchors.rightMargin: Theme.space3
        anchors.verticalCenter: parent.verticalCenter
        text: notice.text
        wrapMode: Text.Wrap
    }
}
