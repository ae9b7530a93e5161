// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

import QtQuick
import Kith.Ui

// What somebody is seen as: by shape, and by colour as well. Decoration: whoever shows it says it in words.
Icon {
    required property int presence

    size: 12
    name: {
        switch (presence) {
        case PresenceModel.Online: return "online"
        case PresenceModel.Away: return "away"
        case PresenceModel.NotAvailable: return "notavailable"
        case PresenceModel.DoNotDisturb: return "donotdisturb"
        case PresenceModel.OpenToCalls: return "opentocalls"
        case PresenceModel.Invisible: return "invisible"
        default: return "offline"
        }
    }
    color: {
        switch (presence) {
        case PresenceModel.Online:
        case PresenceModel.OpenToCalls: return Theme.answer
        case PresenceModel.Away:
        case PresenceModel.NotAvailable: return Theme.away
        case PresenceModel.DoNotDisturb: return Theme.hangUp
        default: return Theme.muted
        }
    }
}
