// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0
pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Controls.Basic as Basic
import Kith.Ui

// Where a message is written: Enter sends, Shift+Enter makes a new line.
Item {
    id: composer

    required property ConversationModel conversation
    property alias area: area
    readonly property int limitBytes: 16384

    function send() {
        if (conversation.send(area.text))
            area.clear()
    }

    implicitHeight: Math.min(160, Math.max(Theme.controlHeight, area.implicitHeight)) + 2 * Theme.space3

    Rectangle {
        width: parent.width
        height: 1
        color: Theme.line
    }
    Basic.ScrollView {
        id: scroll

        anchors.fill: parent
        anchors.leftMargin: Theme.space4
        anchors.rightMargin: Theme.controlHeight + Theme.space4 + Theme.space2
        anchors.topMargin: Theme.space3
        anchors.bottomMargin: Theme.space3

        Basic.TextArea {
            id: area

            leftPadding: Theme.space3
            rightPadding: Theme.space3
            topPadding: (Theme.controlHeight - 20) / 2
            bottomPadding: (Theme.controlHeight - 20) / 2
            color: Theme.text
            font.pixelSize: Theme.textNormal
            wrapMode: TextEdit.Wrap
            textFormat: TextEdit.PlainText
            placeholderText: composer.conversation.online ? qsTr("Write a message")
                                                          : qsTr("Write a message: it is sent when they are back")
            placeholderTextColor: Theme.muted
            selectionColor: Theme.accent
            selectedTextColor: Theme.accentInk
            selectByMouse: true
            KeyNavigation.priority: KeyNavigation.BeforeItem
            KeyNavigation.tab: sendButton
            Accessible.name: qsTr("Message to %1").arg(composer.conversation.displayName)
            Keys.onReturnPressed: event => {
                if (event.modifiers & Qt.ShiftModifier)
                    event.accepted = false
                else
                    composer.send()
            }
            Keys.onEnterPressed: composer.send()

            background: Rectangle {
                radius: Theme.radius
                color: Theme.background
                border.width: area.activeFocus ? 2 : 1
                border.color: area.activeFocus ? Theme.accent : Theme.control
            }
        }
    }
    IconButton {
        id: sendButton

        anchors.right: parent.right
        anchors.rightMargin: Theme.space4
        anchors.bottom: parent.bottom
        anchors.bottomMargin: Theme.space3
        iconName: "send"
        ink: Theme.accentInk
        fill: Theme.accent
        enabled: area.text.trim() !== ""
        text: qsTr("Send")
        onClicked: composer.send()
    }
}
