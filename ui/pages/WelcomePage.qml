// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

import QtQuick
import QtQuick.Controls.Basic as Basic
import Kith.Ui

// The first page: join a network by its link, start one on this computer, or sign in with an account one has.
Basic.ScrollView {
    id: page

    required property ClientModel client
    // A kith: link the program was started with.
    property string link

    readonly property bool starting: ways.currentIndex === 1
    readonly property bool hasAccount: ways.currentIndex === 2
    // The password is forgotten: the recovery key sets a new one.
    property bool forgotten: false
    readonly property bool recovering: hasAccount && forgotten
    property bool preparing: false
    property string starterFailure
    readonly property bool busy: client.account.busy || preparing
    readonly property bool complete: (starting ? networkName.text.trim() !== "" : linkField.text.trim() !== "")
                                     && userField.text.trim() !== "" && passwordField.text !== ""
                                     && (!recovering || keyField.text.trim() !== "")
    readonly property string trouble: starterFailure !== "" ? starterFailure : client.account.failureText

    focus: true
    contentWidth: availableWidth
    // What went wrong must not stay below the edge of a small window.
    onTroubleChanged: if (trouble !== "") showEnd.start()

    Timer {
        id: showEnd

        interval: 1
        onTriggered: {
            const view = page.contentItem as Flickable
            if (view)
                view.contentY = Math.max(0, view.contentHeight - view.height)
        }
    }

    function go() {
        if (!complete || busy)
            return
        starterFailure = ""
        client.account.clearFailure()
        if (starting) {
            preparing = true
            client.starter.start(networkName.text.trim())
        } else if (recovering) {
            client.account.recover(linkField.text, userField.text, keyField.text, passwordField.text)
        } else if (hasAccount) {
            client.account.signIn(linkField.text, userField.text, passwordField.text)
        } else {
            client.account.signUp(linkField.text, userField.text, nameField.text, passwordField.text)
        }
    }

    Connections {
        target: page.client.starter

        function onReady(link: string) {
            page.preparing = false
            page.client.account.signUp(link, userField.text, nameField.text, passwordField.text)
        }
        function onFailed(why: string) {
            page.preparing = false
            page.starterFailure = why
        }
    }

    Item {
        width: page.availableWidth
        implicitHeight: Math.max(page.availableHeight, form.implicitHeight + 2 * Theme.space4)

        Column {
            id: form

            anchors.centerIn: parent
            width: Math.min(parent.width - 2 * Theme.space4, 420)
            spacing: Theme.space4

            Row {
                width: parent.width
                spacing: Theme.space3

                Image {
                    id: logo

                    source: "qrc:/icons/kith.svg"
                    sourceSize.width: 48
                    sourceSize.height: 48
                    Accessible.ignored: true
                }
                Column {
                    width: parent.width - logo.width - parent.spacing
                    anchors.verticalCenter: parent.verticalCenter

                    Label {
                        text: qsTr("Welcome to Kith")
                        font.pixelSize: Theme.textTitle
                        strong: true
                    }
                    Label {
                        width: parent.width
                        wrapMode: Text.Wrap
                        color: Theme.muted
                        text: qsTr("Calls and messages, private from end to end.")
                    }
                }
            }
            Choice {
                id: ways

                width: parent.width
                options: [qsTr("Join"), qsTr("New network"), qsTr("Sign in")]
                name: qsTr("How to begin")
            }
            Label {
                width: parent.width
                wrapMode: Text.Wrap
                color: Theme.muted
                text: [qsTr("Somebody sent you a link that begins with kith: — paste it here and choose a name."),
                       qsTr("Kith starts a network on this computer. It runs while Kith runs, and others join by a link that you send them."),
                       page.forgotten ? qsTr("The recovery key that you wrote down sets a new password.")
                                      : qsTr("You have an account: enter the network's link and your name and password.")][ways.currentIndex]
            }
            Field {
                id: linkField

                width: parent.width
                visible: !page.starting
                label: qsTr("Network link")
                text: page.link
                maximumLength: 1024
                focus: page.link === ""
                onAccepted: userField.input.forceActiveFocus()
            }
            Field {
                id: networkName

                width: parent.width
                visible: page.starting
                label: qsTr("Name of the network")
                hint: qsTr("People see it when they join, e.g. \"Family\".")
                maximumLength: 64
                onAccepted: userField.input.forceActiveFocus()
            }
            Field {
                id: userField

                width: parent.width
                focus: page.link !== ""
                label: qsTr("User name")
                hint: page.hasAccount ? "" : qsTr("People find you by it. It can't be changed.")
                maximumLength: 32
                onAccepted: (page.recovering ? keyField : page.hasAccount ? passwordField : nameField).input.forceActiveFocus()
            }
            Field {
                id: nameField

                width: parent.width
                visible: !page.hasAccount
                label: qsTr("Your name, as people read it (optional)")
                maximumLength: 64
                onAccepted: passwordField.input.forceActiveFocus()
            }
            Field {
                id: keyField

                width: parent.width
                visible: page.recovering
                label: qsTr("Recovery key")
                secret: true
                maximumLength: 128
                onAccepted: passwordField.input.forceActiveFocus()
            }
            Field {
                id: passwordField

                readonly property int strength: page.client.account.passwordStrength(text)

                width: parent.width
                label: page.recovering ? qsTr("New password") : qsTr("Password")
                secret: true
                hint: (page.hasAccount && !page.recovering) || text === "" ? ""
                      : ["", qsTr("Too short: at least 8 characters."), qsTr("Weak. More words make it stronger."),
                         qsTr("Fair."), qsTr("Good.")][strength]
                onAccepted: page.go()
            }
            Notice {
                width: parent.width
                text: page.trouble
            }
            Item {
                width: parent.width
                implicitHeight: goButton.implicitHeight

                Button {
                    id: goButton

                    width: parent.width
                    kind: Button.Primary
                    enabled: page.complete && !page.busy
                    text: page.busy ? "" : page.recovering ? qsTr("Set password and sign in")
                                    : page.hasAccount ? qsTr("Sign in")
                                    : page.starting ? qsTr("Start and create account") : qsTr("Create account")
                    onClicked: page.go()
                }
                Busy {
                    anchors.centerIn: parent
                    visible: page.busy
                    color: Theme.text
                }
            }
            Button {
                width: parent.width
                visible: page.hasAccount && !page.busy
                text: page.forgotten ? qsTr("I know the password") : qsTr("Forgot the password?")
                onClicked: {
                    page.forgotten = !page.forgotten
                    page.client.account.clearFailure()
                    if (page.forgotten)
                        keyField.input.forceActiveFocus()
                }
            }
            Label {
                width: parent.width
                visible: page.client.account.busy
                horizontalAlignment: Text.AlignHCenter
                color: Theme.muted
                text: page.client.account.statusText
            }
        }
    }
}
