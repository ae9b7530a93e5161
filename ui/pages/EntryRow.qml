// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0
pragma ComponentBehavior: Bound

import QtQuick
import Kith.Ui

// A message or a call in the conversation.
Column {
    id: row

    required property int kind
    required property bool ours
    required property string text
    required property string time
    required property int status
    required property bool missed
    required property string day
    required property bool groupStart
    // In the middle: what happened, and nobody wrote.
    readonly property bool isEvent: kind !== ConversationModel.Message
    readonly property string statusName: {
        if (!ours || isEvent)
            return ""
        switch (status) {
        case ConversationModel.Waiting: return qsTr("Waiting until they are online")
        case ConversationModel.Sent: return qsTr("Sent")
        case ConversationModel.Delivered: return qsTr("Delivered")
        default: return qsTr("Read")
        }
    }

    topPadding: groupStart && day === "" ? Theme.space3 : 2
    spacing: Theme.space1
    Accessible.role: Accessible.ListItem
    Accessible.name: qsTr("%1, %2").arg(text).arg(time) + (statusName === "" ? "" : ", " + statusName)

    Label {
        width: row.width
        visible: row.day !== ""
        topPadding: Theme.space4
        bottomPadding: Theme.space2
        horizontalAlignment: Text.AlignHCenter
        text: row.day
        font.pixelSize: Theme.textSmall
        color: Theme.muted
        strong: true
    }
    Item {
        width: row.width
        implicitHeight: bubble.height

        Rectangle {
            id: bubble

            readonly property int most: Math.min(row.width - Theme.space6 * 2, 520)
            // Words and time side by side.
            readonly property int sideBySide: words.x + Math.ceil(measure.implicitWidth) + 1 + Theme.space2
                                              + stamp.width + Theme.space3
            readonly property bool oneLine: sideBySide <= most && row.text.indexOf("\n") < 0

            anchors.right: row.ours && !row.isEvent ? parent.right : undefined
            anchors.horizontalCenter: row.isEvent ? parent.horizontalCenter : undefined
            width: Math.min(most, sideBySide)
            height: Math.max(words.contentHeight, stamp.height) + 2 * Theme.space2 + (oneLine ? 0 : stamp.height)
            radius: Theme.radiusLarge
            color: row.isEvent ? "transparent" : row.ours ? Theme.accentSoft : Theme.raised
            border.width: row.isEvent ? 1 : 0
            border.color: Theme.line

            Icon {
                id: eventIcon

                visible: row.isEvent
                x: Theme.space3
                anchors.verticalCenter: parent.verticalCenter
                size: 16
                name: row.kind === ConversationModel.Trust ? row.missed ? "warning" : "verified"
                      : row.missed ? "missed" : "call"
                color: row.missed ? Theme.hangUp : Theme.muted
            }
            // How wide the words would like to be. A wrapping TextEdit answers by the width it already has.
            Label {
                id: measure

                visible: false
                text: row.text
            }
            TextEdit {
                id: words

                x: row.isEvent ? eventIcon.x + eventIcon.width + Theme.space2 : Theme.space3
                y: Theme.space2
                width: bubble.width - x - Theme.space3 - (bubble.oneLine ? stamp.width + Theme.space2 : 0)
                readOnly: true
                selectByMouse: true
                activeFocusOnPress: false
                wrapMode: TextEdit.Wrap
                textFormat: TextEdit.PlainText
                text: row.text
                color: row.missed ? Theme.hangUp : Theme.text
                selectionColor: Theme.accent
                selectedTextColor: Theme.accentInk
                font.pixelSize: Theme.textNormal
            }
            Row {
                id: stamp

                anchors.right: parent.right
                anchors.rightMargin: Theme.space3
                anchors.bottom: parent.bottom
                anchors.bottomMargin: Theme.space2
                spacing: Theme.space1

                Label {
                    anchors.verticalCenter: parent.verticalCenter
                    text: row.time
                    font.pixelSize: 11
                    color: Theme.muted
                }
                Icon {
                    anchors.verticalCenter: parent.verticalCenter
                    visible: row.ours && !row.isEvent
                    size: 14
                    name: row.status === ConversationModel.Waiting ? "waiting"
                          : row.status === ConversationModel.Sent ? "sent" : "delivered"
                    color: row.status === ConversationModel.Read ? Theme.accent : Theme.muted
                }
            }
        }
    }
}
