// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0
pragma ComponentBehavior: Bound

import QtQuick
import Kith.Ui

// Something takes a moment: three dots that take turns. Still when motion is reduced; draws nothing while hidden.
Row {
    id: busy

    property color color: Theme.muted
    property int step: 0

    spacing: Theme.space1
    Accessible.role: Accessible.Indicator
    Accessible.name: qsTr("Working")

    Timer {
        interval: 300
        repeat: true
        running: busy.visible && Theme.motion > 0
        onTriggered: busy.step = (busy.step + 1) % 3
    }
    Repeater {
        model: 3

        Rectangle {
            required property int index

            width: 6
            height: 6
            radius: 3
            color: busy.color
            opacity: busy.step === index ? 1 : 0.4
        }
    }
}
