// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0
pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Controls.Basic as Basic
import Kith.Ui

// A push button. `kind` tells its weight: the one thing to do is Primary.
Basic.Button {
    id: button

    enum Kind { Plain, Primary, Answer, HangUp }

    property int kind: Button.Plain
    property string iconName
    readonly property color ink: {
        switch (kind) {
        case Button.Primary: return Theme.accentInk
        case Button.Answer: return Theme.answerInk
        case Button.HangUp: return Theme.hangUpInk
        default: return Theme.text
        }
    }
    readonly property color fill: {
        switch (kind) {
        case Button.Primary: return Theme.accent
        case Button.Answer: return Theme.answer
        case Button.HangUp: return Theme.hangUp
        default: return Theme.raised
        }
    }

    implicitHeight: Theme.controlHeight
    leftPadding: Theme.space4
    rightPadding: Theme.space4
    spacing: Theme.space2
    opacity: enabled ? 1 : 0.5
    hoverEnabled: true
    Accessible.name: text
    Keys.onReturnPressed: button.clicked()
    Keys.onEnterPressed: button.clicked()

    background: Rectangle {
        radius: Theme.radius
        color: button.down ? Qt.darker(button.fill, 1.12) : button.hovered ? Qt.darker(button.fill, 1.05) : button.fill
        border.width: button.kind === Button.Plain ? 1 : 0
        border.color: Theme.line

        FocusRing {
            shown: button.visualFocus
        }
    }
    contentItem: ButtonFace {
        iconName: button.iconName
        text: button.text
        ink: button.ink
        spacing: button.spacing
    }
}
