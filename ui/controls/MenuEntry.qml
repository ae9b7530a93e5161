// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0
pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Controls.Basic as Basic
import Kith.Ui

// A line of a menu.
Basic.MenuItem {
    id: entry

    property string iconName
    // A presence in the place of an icon.
    property int presence: -1

    implicitHeight: Theme.controlHeight
    leftPadding: Theme.space3
    rightPadding: Theme.space4
    contentItem: Row {
        spacing: Theme.space3

        Icon {
            anchors.verticalCenter: parent.verticalCenter
            visible: entry.iconName !== ""
            name: entry.iconName
            color: Theme.muted
        }
        PresenceMark {
            anchors.verticalCenter: parent.verticalCenter
            visible: entry.presence >= 0
            presence: entry.presence
            size: 14
        }
        Label {
            anchors.verticalCenter: parent.verticalCenter
            text: entry.text
        }
    }
    background: Rectangle {
        color: entry.highlighted ? Theme.raised : "transparent"
    }
    indicator: Label {
        anchors.right: parent.right
        anchors.rightMargin: Theme.space3
        anchors.verticalCenter: parent.verticalCenter
        visible: entry.checkable && entry.checked
        text: "✓"
        color: Theme.accent
    }
}
