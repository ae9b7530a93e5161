// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0
pragma ComponentBehavior: Bound

import QtQuick
import Kith.Ui

// A person without a picture: the first letters on a colour that stays theirs, and a mark for what they are seen as.
Rectangle {
    id: avatar

    required property string name
    property bool marked: false
    property int presence: PresenceModel.Offline
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
    Rectangle {
        anchors.right: parent.right
        anchors.bottom: parent.bottom
        anchors.margins: -2
        visible: avatar.marked
        width: 16
        height: 16
        radius: 8
        color: Theme.background

        PresenceMark {
            anchors.centerIn: parent
            presence: avatar.presence
        }
    }
}
