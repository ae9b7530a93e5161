// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0
pragma ComponentBehavior: Bound

import QtQuick
import Kith.Ui

// Icon and word of a button, side by side in its middle.
Item {
    id: face

    required property string iconName
    required property string text
    required property color ink
    required property int spacing

    implicitWidth: content.implicitWidth
    implicitHeight: content.implicitHeight

    Row {
        id: content

        anchors.centerIn: parent
        spacing: face.spacing

        Icon {
            anchors.verticalCenter: parent.verticalCenter
            visible: face.iconName !== ""
            name: face.iconName
            color: face.ink
        }
        Label {
            anchors.verticalCenter: parent.verticalCenter
            visible: text !== ""
            text: face.text
            color: face.ink
            strong: true
        }
    }
}
