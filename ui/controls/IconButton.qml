// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0
pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Controls.Basic as Basic
import Kith.Ui

// A square button with an icon; `text` is its name for tooltip and screen reader.
Basic.AbstractButton {
    id: button

    required property string iconName
    property string shortcutText
    // A switch that is on; whoever uses it keeps the state.
    property bool on: false
    property color ink: Theme.text
    property color fill: "transparent"

    implicitWidth: Theme.controlHeight
    implicitHeight: Theme.controlHeight
    opacity: enabled ? 1 : 0.4
    hoverEnabled: true
    focusPolicy: Qt.StrongFocus
    Accessible.role: Accessible.Button
    Accessible.name: text
    Accessible.pressed: on
    Keys.onReturnPressed: button.clicked()
    Keys.onEnterPressed: button.clicked()
    Basic.ToolTip.visible: hovered && text !== ""
    Basic.ToolTip.delay: 600
    Basic.ToolTip.text: shortcutText === "" ? text : qsTr("%1 (%2)").arg(text).arg(shortcutText)

    background: Rectangle {
        radius: Theme.radius
        color: {
            const base = button.on ? Theme.accentSoft : button.fill
            if (button.down)
                return base.a > 0 ? Qt.darker(base, 1.12) : Theme.pressed
            return button.hovered ? (base.a > 0 ? Qt.darker(base, 1.05) : Theme.raised) : base
        }

        FocusRing {
            shown: button.visualFocus
        }
    }
    contentItem: Item {
        Icon {
            anchors.centerIn: parent
            name: button.iconName
            color: button.ink
        }
    }
}
