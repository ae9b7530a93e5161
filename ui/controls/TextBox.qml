// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0
pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Controls.Basic as Basic
import Kith.Ui

// A labelled text of several lines.
Column {
    id: box

    required property string label
    property int limit: 500
    property alias text: input.text

    spacing: Theme.space1

    Label {
        text: box.label
        font.pixelSize: Theme.textSmall
        color: Theme.muted
    }
    Basic.TextArea {
        id: input

        width: parent.width
        padding: Theme.space3
        color: Theme.text
        font.pixelSize: Theme.textNormal
        selectionColor: Theme.accent
        selectedTextColor: Theme.accentInk
        wrapMode: TextEdit.Wrap
        selectByMouse: true
        Accessible.name: box.label
        Keys.onTabPressed: nextItemInFocusChain(true).forceActiveFocus(Qt.TabFocusReason)
        Keys.onBacktabPressed: nextItemInFocusChain(false).forceActiveFocus(Qt.BacktabFocusReason)
        onTextChanged: if (length > box.limit) remove(box.limit, length)

        background: Rectangle {
            implicitHeight: 72
            radius: Theme.radius
            color: Theme.background
            border.width: input.activeFocus ? 2 : 1
            border.color: input.activeFocus ? Theme.accent : Theme.control
        }
    }
}
