// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0
pragma ComponentBehavior: Bound

import QtQuick
import Kith.Ui

// A person without a picture: the first letters on a colour that stays theirs, and a mark for who is online.
Rectangle {
    id: avatar

    required property string name
    property bool marked: false
    property bool online: false
    property int size: Theme.controlHeight
    readonly property real hue: {
        let sum = 0
        for (let i = 0; i < name.length; ++i)
            sum = (sum * 31 + name.charCodeAt(i)) % 360
        return sum / 360
    }

    width: size
    height: size
    radius: size / 2
    color: Theme.dark ? Qt.hsla(hue, 0.3, 0.28, 1) : Qt.hsla(hue, 0.4, 0.86, 1)

    Label {
        anchors.centerIn: parent
        text: {
            const words = avatar.name.split(" ").filter(word => word !== "")
            if (words.length === 0)
                return ""
            const letters = words.length > 1 ? [...words[0]][0] + [...words[words.length - 1]][0] : [...words[0]][0]
            return letters.toUpperCase()
        }
        color: Theme.dark ? Qt.hsla(avatar.hue, 0.5, 0.85, 1) : Qt.hsla(avatar.hue, 0.6, 0.22, 1)
        font.pixelSize: avatar.size * 0.38
        strong: true
    }
    // Filled is online, a ring is offline: told by shape as well as by colour.
    Rectangle {
        anchors.right: parent.right
        anchors.bottom: parent.bottom
        visible: avatar.marked
        width: 12
        height: 12
        radius: 6
        color: Theme.background

        Rectangle {
            anchors.centerIn: parent
            width: 8
            height: 8
            radius: 4
            color: avatar.online ? Theme.answer : Theme.background
            border.width: avatar.online ? 0 : 1.5
            border.color: Theme.muted
        }
    }
}
