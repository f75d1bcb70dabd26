package qrate.admin;

import java.time.Duration;
import java.util.Locale;

/// What a task costs somebody, counted, and in seconds as the keystroke-level model reckons them (Card, Moran and
/// Newell 1980). They are reckoned and not measured: the seconds of a robot say nothing about people.
final class WalkCost {
    /// Operator K: a key of somebody who types 40 words a minute.
    private static final Duration KEY = Duration.ofMillis(280);

    /// Operator P: to point at something; to scroll until it is there is taken as once more.
    private static final Duration POINT = Duration.ofMillis(1_100);

    /// Operator B, twice: a button of the mouse goes down and up.
    private static final Duration CLICK = Duration.ofMillis(200);

    /// Operator H: the hand goes between mouse and keyboard.
    private static final Duration HOME = Duration.ofMillis(400);

    /// Operator M: to make up one's mind, once before each thing on a page that is used.
    private static final Duration MIND = Duration.ofMillis(1_350);

    private int pages;
    private int clicks;
    private int scrolls;
    private int keys;
    private int typed;
    private int homes;
    private int minds;
    private boolean atMouse;

    /// Another page came. The time until it is there (operator R) is the machine's, and is in no sum.
    void page() {
        pages++;
    }

    void mind() {
        minds++;
    }

    void scroll() {
        scrolls++;
    }

    void click() {
        clicks++;
        hand(true);
    }

    /// Keys that lead somewhere: Tab, Enter, Space, arrows.
    void key(int times) {
        keys += times;
        hand(false);
    }

    void typed(int letters) {
        typed += letters;
        hand(false);
    }

    private void hand(boolean toMouse) {
        if (toMouse != atMouse) {
            homes++;
            atMouse = toMouse;
        }
    }

    int clicks() {
        return clicks;
    }

    int keys() {
        return keys;
    }

    private double seconds() {
        return KEY.multipliedBy(keys + typed)
                        .plus(POINT.multipliedBy(clicks + scrolls))
                        .plus(CLICK.multipliedBy(clicks))
                        .plus(HOME.multipliedBy(homes))
                        .plus(MIND.multipliedBy(minds))
                        .toMillis()
                / 1000.0;
    }

    /// As a row of a table.
    String row() {
        return String.format(
                Locale.ROOT, "| %d | %d | %d | %d | %d | %.1f |", clicks, scrolls, keys, typed, pages, seconds());
    }
}
