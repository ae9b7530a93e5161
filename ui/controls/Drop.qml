// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0
pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Controls.Basic as Basic
import Kith.Ui

// One of many, in a list that drops down, with its name above.
Column {
    id: drop

    required property string label
    required property var options
    property int current: 0

    signal chosen(int index)

    spacing: Theme.space1

    Label {
        text: drop.label
        font.pixelSize: Theme.textSmall
        color: Theme.muted
    }
    Basic.ComboBox {
        id: box

        width: drop.width
        height: Theme.controlHeight
        model: drop.options
        currentIndex: drop.current
        font.pixelSize: Theme.textNormal
        Accessible.name: drop.label
        onActivated: index => drop.chosen(index)

        background: Rectangle {
            radius: Theme.radius
            color: Theme.background
            border.width: box.visualFocus || box.popup.visible ? 2 : 1
            border.color: box.visualFocus || box.popup.visible ? Theme.accent : Theme.control
        }
        contentItem: Label {
            leftPadding: Theme.space3
            rightPadding: Theme.space6
            verticalAlignment: Text.AlignVCenter
            text: box.displayText
        }
        indicator: Icon {
            anchors.right: parent.right
            anchors.rightMargin: Theme.space2
            anchors.verticalCenter: parent.verticalCenter
            rotation: -90
            name: "back"
            color: Theme.muted
        }
        delegate: Basic.ItemDelegate {
            id: option

            required property string modelData
            required property int index

            width: box.width
            height: Theme.controlHeight
            highlighted: box.highlightedIndex === index
            background: Rectangle {
                color: option.highlighted ? Theme.raised : "transparent"
            }
            contentItem: Label {
                verticalAlignment: Text.AlignVCenter
                text: option.modelData
                strong: box.currentIndex === option.index
            }
        }
        popup.background: Rectangle {
            radius: Theme.radius
            color: Theme.background
            border.width: 1
            border.color: Theme.line
        }
    }
}
