// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0
pragma ComponentBehavior: Bound

import QtQuick
import Kith.Ui

// A person the directory found, with what can be done about them.
Item {
    id: row

    required property string user
    required property string displayName
    required property int relation
    required property bool similar

    signal added()
    signal chosen()

    implicitHeight: Theme.row

    Avatar {
        id: avatar

        anchors.left: parent.left
        anchors.leftMargin: Theme.space4
        anchors.verticalCenter: parent.verticalCenter
        name: row.displayName
    }
    Label {
        id: name

        anchors.left: avatar.right
        anchors.leftMargin: Theme.space3
        anchors.right: action.left
        anchors.rightMargin: Theme.space2
        anchors.top: avatar.top
        text: row.displayName
        strong: true
    }
    Label {
        anchors.left: name.left
        anchors.right: name.right
        anchors.bottom: avatar.bottom
        text: row.similar ? qsTr("Similar · %1").arg(row.user) : row.user
        font.pixelSize: Theme.textSmall
        color: Theme.muted
    }
    Item {
        id: action

        anchors.right: parent.right
        anchors.rightMargin: Theme.space4
        anchors.verticalCenter: parent.verticalCenter
        width: Math.max(add.visible ? add.implicitWidth : 0, open.visible ? open.implicitWidth : 0,
                        waiting.visible ? waiting.implicitWidth : 0)
        height: Theme.controlHeight

        Button {
            id: add

            visible: row.relation === PeopleModel.Stranger
            iconName: "addperson"
            text: qsTr("Add")
            onClicked: row.added()
        }
        Button {
            id: open

            visible: row.relation === PeopleModel.Contact || row.relation === PeopleModel.RequestReceived
            text: qsTr("Open")
            onClicked: row.chosen()
        }
        Label {
            id: waiting

            anchors.verticalCenter: parent.verticalCenter
            visible: row.relation === PeopleModel.RequestSent
            text: qsTr("Request sent")
            color: Theme.muted
            font.pixelSize: Theme.textSmall
        }
    }
}
