// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0
pragma ComponentBehavior: Bound

import QtQuick
import Kith.Ui

// A sentence that is there for a few seconds.
Rectangle {
    id: toast

    function show(text: string) {
        label.text = text
        hide.restart()
    }

    implicitWidth: label.implicitWidth + 2 * Theme.space4
    implicitHeight: label.height + 2 * Theme.space3
    visible: hide.running
    radius: Theme.radiusLarge
    color: Theme.text
    Accessible.role: Accessible.AlertMessage
    Accessible.name: label.text

    Label {
        id: label

        anchors.centerIn: parent
        width: Math.min(implicitWidth, toast.parent.width - 2 * Theme.space4 - 2 * Theme.space4)
        color: Theme.background
        wrapMode: Text.Wrap
    }
    Timer {
        id: hide

        interval: 6000
    }
}
