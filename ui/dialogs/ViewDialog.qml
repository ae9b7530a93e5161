// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0
pragma ComponentBehavior: Bound

import QtQuick
import Kith.Ui

// What one contact is to see of me, in the place of what everybody sees.
Sheet {
    id: dialog

    required property PresenceModel presence
    readonly property var choices: [PresenceModel.Same, PresenceModel.Online, PresenceModel.OpenToCalls,
        PresenceModel.Away, PresenceModel.NotAvailable, PresenceModel.DoNotDisturb, PresenceModel.Invisible]
    property string user
    property string name

    function ask(user: string, name: string, shown: int, mood: string) {
        dialog.user = user
        dialog.name = name
        seenAs.current = Math.max(0, choices.indexOf(shown))
        words.text = mood
        open()
        words.forceActiveFocus()
    }

    title: qsTr("What %1 sees of you").arg(name)
    buttons: [
        Button {
            kind: Button.Primary
            text: qsTr("Save")
            onClicked: {
                dialog.presence.chooseFor(dialog.user, dialog.choices[seenAs.current], words.text)
                dialog.close()
            }
        },
        Button {
            text: qsTr("Cancel")
            onClicked: dialog.close()
        }
    ]

    Drop {
        id: seenAs

        width: parent.width
        label: qsTr("Seen as")
        options: dialog.choices.map(choice => choice === PresenceModel.Same ? qsTr("The same as everybody")
                 : choice === PresenceModel.Invisible ? qsTr("Offline: sees nothing")
                                                      : dialog.presence.words(choice))
        onChosen: index => seenAs.current = index
    }
    Field {
        id: words

        width: parent.width
        label: qsTr("Mood")
        maximumLength: 140
        hint: qsTr("Leave it empty to show your usual one. %1 is not told that others see something else.")
              .arg(dialog.name)
    }
}
