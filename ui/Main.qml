// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

import QtQuick
import QtQuick.Controls.Basic as Basic
import QtQuick.Templates as T
import Kith.Ui

Basic.ApplicationWindow {
    id: window

    required property ClientModel client
    // A kith: link to join by, from the command line or the desktop.
    property string link
    // What the desktop prefers; the program tells.
    property bool systemDark: false

    readonly property bool showsKey: client.account.recoveryKey !== ""

    title: client.account.signedIn ? qsTr("%1 – Kith").arg(client.account.displayName) : qsTr("Kith")
    width: 1000
    height: 680
    minimumWidth: 360
    minimumHeight: 560
    visible: true
    color: Theme.background

    Binding {
        target: Theme
        property: "systemDark"
        value: window.systemDark
    }
    Binding {
        target: window.client.conversation
        property: "watched"
        value: window.active
    }
    Connections {
        target: window.client

        function onTrouble(text: string) {
            toast.show(text)
        }
    }
    Connections {
        target: window.client.call

        function onEndTextChanged() {
            if (window.client.call.endText !== "")
                toast.show(window.client.call.endText)
        }
    }

    // A page is made when it is first needed and goes when another one comes.
    Loader {
        id: view

        readonly property string page: window.showsKey ? "RecoveryKeyPage.qml"
                                       : window.client.account.signedIn ? "MainPage.qml" : "WelcomePage.qml"

        anchors.fill: parent
        focus: true
        onPageChanged: setSource(page, page === "WelcomePage.qml" ? { client: window.client, link: window.link }
                                                                  : { client: window.client })
    }
    Connections {
        target: view.item as MainPage

        function onSettingsWanted() {
            settings.open()
        }
        function onInviteWanted() {
            invite.open()
        }
        function onDetailsWanted(user: string) {
            window.client.person.user = user
        }
    }
    SettingsDialog {
        id: settings

        parent: T.Overlay.overlay
        client: window.client
        onInviteWanted: invite.open()
    }
    InviteDialog {
        id: invite

        parent: T.Overlay.overlay
        starter: window.client.starter
    }
    PersonDialog {
        parent: T.Overlay.overlay
        person: window.client.person
    }
    IncomingCall {
        call: window.client.call
    }
    Toast {
        id: toast

        anchors.horizontalCenter: parent.horizontalCenter
        anchors.bottom: parent.bottom
        anchors.bottomMargin: 80
        width: Math.min(implicitWidth, parent.width - 2 * Theme.space4)
    }

    Shortcut {
        sequences: ["Ctrl+F", "Ctrl+K"]
        enabled: view.item instanceof MainPage
        onActivated: (view.item as MainPage).focusSearch()
    }
    Shortcut {
        sequence: "Ctrl+,"
        enabled: window.client.account.signedIn
        onActivated: settings.open()
    }
    Shortcut {
        sequence: "Ctrl+I"
        enabled: window.client.conversation.user !== "" && window.client.conversation.relation !== PeopleModel.Stranger
        onActivated: window.client.person.user = window.client.conversation.user
    }
    Shortcut {
        sequence: "Ctrl+M"
        enabled: window.client.call.talking
        onActivated: window.client.call.setMuted(!window.client.call.muted)
    }
    Shortcut {
        sequence: "Ctrl+H"
        enabled: window.client.call.talking
        onActivated: window.client.call.setHeld(!window.client.call.heldByUs)
    }
    Shortcut {
        sequence: "Ctrl+Shift+H"
        enabled: window.client.call.active
        onActivated: window.client.call.hangUp()
    }
    Shortcut {
        sequence: "Ctrl+Shift+A"
        enabled: window.client.call.ringing
        onActivated: window.client.call.answer()
    }
    Shortcut {
        sequence: "Ctrl+Shift+C"
        enabled: window.client.conversation.relation === PeopleModel.Contact && !window.client.call.active
        onActivated: window.client.call.place(window.client.conversation.user)
    }
    Shortcut {
        sequence: "Escape"
        enabled: window.client.conversation.user !== "" && window.width < 680
        onActivated: window.client.conversation.user = ""
    }
    Shortcut {
        sequence: "Ctrl+Q"
        onActivated: Qt.quit()
    }
}
