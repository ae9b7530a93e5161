// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0
pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Controls.Basic as Basic
import QtQuick.Templates as T
import Kith.Ui

// Somebody calls: over everything else in the window, answered or declined by mouse or keyboard.
Basic.Popup {
    id: popup

    required property CallModel call

    parent: T.Overlay.overlay
    x: parent ? (parent.width - width) / 2 : 0
    y: Theme.space5
    width: parent ? Math.min(parent.width - 2 * Theme.space4, 380) : 380
    padding: Theme.space5
    contentHeight: layout.implicitHeight
    modal: false
    focus: true
    closePolicy: Basic.Popup.NoAutoClose
    visible: call.ringing
    onOpened: answer.forceActiveFocus()

    background: Rectangle {
        radius: Theme.radiusLarge
        color: Theme.background
        border.width: 1
        border.color: Theme.control
    }

    FocusScope {
        focus: true
        width: popup.availableWidth
        height: layout.implicitHeight
        Accessible.role: Accessible.AlertMessage
        Accessible.name: qsTr("%1 is calling").arg(popup.call.callerName)
        Keys.onEscapePressed: popup.call.decline()

        Column {
            id: layout

            width: parent.width
            spacing: Theme.space4

            Row {
                spacing: Theme.space3

                Avatar {
                    size: 56
                    name: popup.call.callerName
                }
                Column {
                    anchors.verticalCenter: parent.verticalCenter
                    spacing: 2

                    NameLabel {
                        width: layout.width - 56 - Theme.space3
                        text: popup.call.callerName
                        verified: popup.call.callerVerified
                        font.pixelSize: Theme.textLarge
                    }
                    Label {
                        color: Theme.muted
                        text: popup.call.active ? qsTr("is calling. Answering holds the other call.") : qsTr("is calling")
                    }
                }
            }
            Row {
                width: parent.width
                spacing: Theme.space2

                Button {
                    id: answer

                    width: (parent.width - parent.spacing) / 2
                    kind: Button.Answer
                    focus: true
                    iconName: "call"
                    text: qsTr("Answer")
                    KeyNavigation.right: decline
                    onClicked: popup.call.answer()
                }
                Button {
                    id: decline

                    width: (parent.width - parent.spacing) / 2
                    kind: Button.HangUp
                    iconName: "hangup"
                    text: qsTr("Decline")
                    onClicked: popup.call.decline()
                }
            }
        }
    }
}
