// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0
pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Controls.Basic as Basic
import Kith.Ui

// A few words that others see beside my name: looks like a line of text until it is touched.
Basic.TextField {
    id: field

    required property PresenceModel presence

    objectName: "moodField"

    function keep() {
        presence.setMood(text)
        cursorPosition = 0
    }

    implicitHeight: 24
    leftPadding: Theme.space1
    rightPadding: Theme.space1
    topPadding: 0
    bottomPadding: 0
    verticalAlignment: TextInput.AlignVCenter
    text: presence.mood
    placeholderText: qsTr("What are you up to?")
    placeholderTextColor: Theme.muted
    color: activeFocus ? Theme.text : Theme.muted
    font.pixelSize: Theme.textSmall
    selectionColor: Theme.accent
    selectedTextColor: Theme.accentInk
    selectByMouse: true
    maximumLength: 140
    autoScroll: activeFocus
    Accessible.name: qsTr("Your mood")
    Accessible.description: qsTr("A few words that your contacts see beside your name")
    Keys.onEscapePressed: {
        text = presence.mood
        focus = false
    }
    onEditingFinished: keep()
    onAccepted: focus = false

    background: Rectangle {
        radius: Theme.radius
        color: field.activeFocus ? Theme.background : field.hovered ? Theme.raised : "transparent"
        border.width: field.activeFocus ? 2 : 0
        border.color: Theme.accent
    }

    // Typing has broken the binding of the text.
    Connections {
        target: field.presence

        function onChanged() {
            if (!field.activeFocus)
                field.text = field.presence.mood
        }
    }
}
