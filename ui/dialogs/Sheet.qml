// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0
pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Controls.Basic as Basic
import QtQuick.Templates as T
import Kith.Ui

// A dialog of the window: title, content, buttons; Escape closes it.
Basic.Popup {
    id: sheet

    required property string title
    default property alias content: body.data
    property alias buttons: buttonRow.data

    anchors.centerIn: parent
    width: parent ? Math.min(parent.width - 2 * Theme.space4, 440) : 440
    padding: Theme.space5
    contentHeight: layout.implicitHeight
    modal: true
    focus: true

    background: Rectangle {
        radius: Theme.radiusLarge
        color: Theme.background
        border.width: 1
        border.color: Theme.line
    }
    T.Overlay.modal: Rectangle {
        color: Qt.rgba(0, 0, 0, 0.45)
    }

    Column {
        id: layout

        width: sheet.availableWidth
        spacing: Theme.space4

        Label {
            width: parent.width
            text: sheet.title
            font.pixelSize: Theme.textLarge
            strong: true
            wrapMode: Text.Wrap
        }
        Column {
            id: body

            width: parent.width
            spacing: Theme.space4
        }
        Flow {
            id: buttonRow

            width: parent.width
            spacing: Theme.space2
            layoutDirection: Qt.RightToLeft
        }
    }
}
