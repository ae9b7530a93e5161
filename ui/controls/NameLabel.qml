// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0
pragma ComponentBehavior: Bound

import QtQuick
import Kith.Ui

// A person's name, with a mark behind it if their safety number was compared.
Item {
    id: label

    property alias text: words.text
    property alias font: words.font
    property bool verified: false
    readonly property int markWidth: verified ? mark.width + Theme.space1 : 0

    implicitWidth: words.implicitWidth + markWidth
    implicitHeight: words.implicitHeight
    baselineOffset: words.baselineOffset
    Accessible.role: Accessible.StaticText
    Accessible.name: verified ? qsTr("%1, verified").arg(text) : text

    Label {
        id: words

        width: Math.min(implicitWidth, label.width - label.markWidth)
        strong: true
        Accessible.ignored: true
    }
    Icon {
        id: mark

        anchors.left: words.right
        anchors.leftMargin: Theme.space1
        anchors.verticalCenter: words.verticalCenter
        visible: label.verified
        size: 16
        name: "verified"
        color: Theme.answer
    }
}
