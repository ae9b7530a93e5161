// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0
pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Controls.Basic as Basic
import Kith.Ui

// A line of text with its name above and a word of help or trouble below.
FocusScope {
    id: field

    required property string label
    property alias text: input.text
    property alias input: input
    property bool secret: false
    property bool shown: false
    property string hint
    property bool wrong: false
    property int maximumLength: 256

    signal accepted()

    implicitHeight: column.implicitHeight
    implicitWidth: 280

    Column {
        id: column

        width: parent.width
        spacing: Theme.space1

        Label {
            text: field.label
            font.pixelSize: Theme.textSmall
            color: Theme.muted
        }
        Basic.TextField {
            id: input

            width: parent.width
            height: Theme.controlHeight
            focus: true
            leftPadding: Theme.space3
            rightPadding: field.secret ? Theme.controlHeight : Theme.space3
            color: Theme.text
            font.pixelSize: Theme.textNormal
            selectionColor: Theme.accent
            selectedTextColor: Theme.accentInk
            placeholderTextColor: Theme.muted
            selectByMouse: true
            maximumLength: field.maximumLength
            echoMode: field.secret && !field.shown ? TextInput.Password : TextInput.Normal
            inputMethodHints: field.secret ? Qt.ImhSensitiveData | Qt.ImhNoPredictiveText : Qt.ImhNone
            Accessible.name: field.label
            onAccepted: field.accepted()

            background: Rectangle {
                radius: Theme.radius
                color: Theme.background
                border.width: input.activeFocus ? 2 : 1
                border.color: field.wrong ? Theme.hangUp : input.activeFocus ? Theme.accent : Theme.control
            }

            IconButton {
                anchors.right: parent.right
                visible: field.secret
                iconName: "show"
                ink: field.shown ? Theme.accent : Theme.muted
                text: field.shown ? qsTr("Hide password") : qsTr("Show password")
                onClicked: field.shown = !field.shown
            }
        }
        Label {
            width: parent.width
            visible: field.hint !== ""
            text: field.hint
            font.pixelSize: Theme.textSmall
            color: field.wrong ? Theme.hangUp : Theme.muted
            wrapMode: Text.Wrap
        }
    }
}
