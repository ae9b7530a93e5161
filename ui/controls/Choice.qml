// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0
pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Controls.Basic as Basic
import Kith.Ui

// One of a few, side by side: Tab comes to the one that is chosen, arrow keys move.
FocusScope {
    id: choice

    required property var options
    required property string name
    property int currentIndex: 0

    implicitHeight: Theme.controlHeight
    activeFocusOnTab: true
    Accessible.role: Accessible.PageTabList
    Accessible.name: name
    Keys.onLeftPressed: currentIndex = Math.max(0, currentIndex - 1)
    Keys.onRightPressed: currentIndex = Math.min(options.length - 1, currentIndex + 1)

    Rectangle {
        anchors.fill: parent
        radius: Theme.radius
        color: Theme.raised

        FocusRing {
            shown: choice.activeFocus
        }
    }
    Row {
        anchors.fill: parent
        anchors.margins: 3

        Repeater {
            model: choice.options

            Basic.AbstractButton {
                id: option

                required property string modelData
                required property int index
                readonly property bool chosen: choice.currentIndex === index

                width: parent.width / choice.options.length
                height: parent.height
                focusPolicy: Qt.NoFocus
                text: modelData
                Accessible.role: Accessible.PageTab
                Accessible.selected: chosen
                onClicked: choice.currentIndex = index

                background: Rectangle {
                    visible: option.chosen
                    radius: Theme.radius - 2
                    color: Theme.background
                    border.width: 1
                    border.color: Theme.line
                }
                contentItem: Label {
                    text: option.text
                    strong: option.chosen
                    color: option.chosen ? Theme.text : Theme.muted
                    horizontalAlignment: Text.AlignHCenter
                    verticalAlignment: Text.AlignVCenter
                }
            }
        }
    }
}
