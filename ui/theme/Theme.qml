// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0
pragma Singleton

import QtQuick

// Roles, not places: every colour, size and time of the window comes from here.
QtObject {
    enum Scheme { System, Light, Dark }

    property int scheme: Theme.System
    // Set by the program: what the desktop prefers.
    property bool systemDark: false
    property bool reducedMotion: false

    readonly property bool dark: scheme === Theme.System ? systemDark : scheme === Theme.Dark

    readonly property color background: dark ? "#15181C" : "#FFFFFF"
    readonly property color raised: dark ? "#1E2227" : "#F4F5F7"
    readonly property color pressed: dark ? "#2A2F36" : "#E6E8EC"
    readonly property color line: dark ? "#343A42" : "#D9DDE3"
    readonly property color control: dark ? "#79838F" : "#7F8893"
    readonly property color text: dark ? "#E8EAED" : "#171A1F"
    readonly property color muted: dark ? "#9AA4B2" : "#5A6472"
    readonly property color accent: dark ? "#5CC4CC" : "#0B6B74"
    readonly property color accentInk: dark ? "#0E1114" : "#FFFFFF"
    readonly property color accentSoft: dark ? "#17373B" : "#DDEFF1"
    readonly property color answer: dark ? "#5FC98A" : "#1A7F43"
    readonly property color answerInk: dark ? "#0E1114" : "#FFFFFF"
    readonly property color hangUp: dark ? "#F0766E" : "#C4302B"
    readonly property color hangUpInk: dark ? "#0E1114" : "#FFFFFF"
    readonly property color away: dark ? "#E0B252" : "#9A6700"

    readonly property int textSmall: 12
    readonly property int textNormal: 14
    readonly property int textLarge: 17
    readonly property int textTitle: 22

    readonly property int space1: 4
    readonly property int space2: 8
    readonly property int space3: 12
    readonly property int space4: 16
    readonly property int space5: 24
    readonly property int space6: 32

    readonly property int radius: 6
    readonly property int radiusLarge: 12
    readonly property int row: 56
    readonly property int controlHeight: 40
    readonly property int icon: 20
    readonly property int leftPane: 320
    readonly property int motion: reducedMotion ? 0 : 120
}
