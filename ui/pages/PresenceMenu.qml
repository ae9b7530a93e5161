// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0
pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Controls.Basic as Basic
import Kith.Ui

// What everybody is to see of me.
Basic.Menu {
    id: menu

    required property PresenceModel presence

    width: 220
    padding: Theme.space1
    background: Rectangle {
        radius: Theme.radius
        color: Theme.background
        border.width: 1
        border.color: Theme.line
    }

    Repeater {
        model: [PresenceModel.Online, PresenceModel.OpenToCalls, PresenceModel.Away, PresenceModel.NotAvailable,
                PresenceModel.DoNotDisturb, PresenceModel.Invisible]

        MenuEntry {
            required property int modelData

            text: menu.presence.words(modelData)
            presence: modelData
            checkable: true
            checked: menu.presence.chosen === modelData
            onTriggered: menu.presence.choose(modelData)
        }
    }
}
