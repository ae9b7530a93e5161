// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0
pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Controls.Basic as Basic
import Kith.Ui

// One of a few, side by side: arrow keys move, as in a tab bar.
Basic.TabBar {
    id: choice

    required property var options

    implicitHeight: Theme.controlHeight
    spacing: 0
    background: Rectangle {
        radius: Theme.radius
        color: Theme.raised
    }

    Repeater {
        model: choice.options

        Basic.TabButton {
            id: tab

            required property string modelData
            required property int index

            text: modelData
            height: choice.height
            leftPadding: Theme.space2
            rightPadding: Theme.space2
            background: Rectangle {
                anchors.fill: parent
                anchors.margins: 3
                radius: Theme.radius - 2
                visible: tab.checked
                color: Theme.background
                border.width: tab.visualFocus ? 2 : 1
                border.color: tab.visualFocus ? Theme.accent : Theme.line
            }
            contentItem: Label {
                text: tab.text
                strong: tab.checked
                color: tab.checked ? Theme.text : Theme.muted
                horizontalAlignment: Text.AlignHCenter
                verticalAlignment: Text.AlignVCenter
            }
        }
    }
}
