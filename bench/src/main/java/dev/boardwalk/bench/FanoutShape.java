package dev.boardwalk.bench;

/**
 * One load of the fan-out benchmark: {@code rooms} entities with {@code peers} clients each, every client sending
 * {@code perSecond} keystrokes a second. Written {@code 20x10x5}.
 */
record FanoutShape(int rooms, int peers, int perSecond) {
    FanoutShape {
        if (rooms < 1 || peers < 2 || perSecond < 1 || rooms * peers > 5_000) {
            throw new IllegalArgumentException("a load is ROOMSxPEERSxRATE with at least 1 room, 2 peers, rate 1 and at"
                    + " most 5000 clients, not " + rooms + "x" + peers + "x" + perSecond);
        }
    }

    static FanoutShape parse(String text) {
        String[] parts = text.split("x", -1);
        try {
            return new FanoutShape(Integer.parseInt(parts[0]), Integer.parseInt(parts[1]), Integer.parseInt(parts[2]));
        } catch (NumberFormatException | ArrayIndexOutOfBoundsException e) {
            throw new IllegalArgumentException(
                    "a load is written ROOMSxPEERSxRATE, for example 20x10x5, not " + text, e);
        }
    }

    @Override
    public String toString() {
        return rooms + " x " + peers + " x " + perSecond + "/s";
    }
}
