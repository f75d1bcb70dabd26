package qrate.pop3d;

/// Which command may follow which: a pure function.
final class Pop3Order {
    /// What the connection offers at this moment.
    ///
    /// @param tls whether STLS can work now
    /// @param login whether a login may be sent now, with or without TLS
    /// @param apop whether the greeting had a timestamp
    record Door(boolean tls, boolean login, boolean apop) {}

    /// What to do, and the stage to be in if it works out.
    record Step(Stage next, Deed deed) {}

    /// What a command asks the session to do.
    sealed interface Deed {
        /// Say one line.
        record Say(String line) implements Deed {}

        /// Say one line about a command that makes no sense here.
        record Wrong(String line) implements Deed {}

        /// Check a password; the stage becomes {@link Stage.Reading} only if it is right.
        record Login(String user, Secret password) implements Deed {}

        /// Check an APOP response.
        record Apop(String user, String digest) implements Deed {}

        /// Ask for the response of SASL PLAIN, then check it.
        record Challenge() implements Deed {}

        /// Check a response of SASL PLAIN in base64.
        record Plain(String response) implements Deed {}

        /// Say the mechanisms.
        record Mechanisms() implements Deed {}

        /// Say the capabilities.
        record Capabilities() implements Deed {}

        /// Say yes and start TLS.
        record StartTls() implements Deed {}

        /// Ask the box.
        record Ask(Command.OfBox command) implements Deed {}

        /// Carry out deletions and say goodbye.
        record Update() implements Deed {}

        /// Say goodbye.
        record Leave() implements Deed {}
    }

    private static final String NO_PLAINTEXT = "-ERR [AUTH] TLS first (STLS, or port 995)";

    private Pop3Order() {}

    static Step next(Stage stage, Command command, Door door) {
        return switch (stage) {
            case Stage.Nobody(boolean utf8) -> before(stage, utf8, command, door);
            case Stage.Named(String user, boolean utf8) ->
                command instanceof Command.Pass(Secret password)
                        ? new Step(new Stage.Nobody(utf8), new Deed.Login(user, password))
                        : before(stage, utf8, command, door);
            case Stage.Reading reading -> inside(reading, command);
        };
    }

    private static Step before(Stage stage, boolean utf8, Command command, Door door) {
        Stage.Nobody nobody = new Stage.Nobody(utf8);
        return switch (command) {
            case Command.User(String name) ->
                door.login
                        ? new Step(new Stage.Named(name, utf8), new Deed.Say("+OK"))
                        : new Step(nobody, new Deed.Wrong(NO_PLAINTEXT));
            case Command.Pass _ -> new Step(nobody, new Deed.Wrong("-ERR USER first"));
            case Command.Apop(String name, String digest) ->
                new Step(nobody, door.apop ? new Deed.Apop(name, digest) : new Deed.Wrong("-ERR APOP is not offered"));
            case Command.AuthList _ -> new Step(stage, new Deed.Mechanisms());
            case Command.Auth(String mechanism) -> auth(nobody, mechanism, new Deed.Challenge(), door);
            case Command.AuthAtOnce(String mechanism, String response) ->
                auth(nobody, mechanism, new Deed.Plain(response), door);
            case Command.Capa _ -> new Step(stage, new Deed.Capabilities());
            case Command.Stls _ -> stls(stage, utf8, door);
            case Command.Utf8 _ -> new Step(utf8(stage), new Deed.Say("+OK UTF8 enabled"));
            case Command.Quit _ -> new Step(nobody, new Deed.Leave());
            case Command.Bad(String why) -> new Step(stage, new Deed.Wrong("-ERR " + why));
            case Command.OfBox _ -> new Step(stage, new Deed.Wrong("-ERR log in first"));
        };
    }

    private static Stage utf8(Stage stage) {
        return stage instanceof Stage.Named(String user, boolean _)
                ? new Stage.Named(user, true)
                : new Stage.Nobody(true);
    }

    private static Step stls(Stage stage, boolean utf8, Door door) {
        if (utf8) {
            // RFC 6856 §2.1
            return new Step(stage, new Deed.Wrong("-ERR no STLS after UTF8"));
        }
        return door.tls
                ? new Step(new Stage.Nobody(false), new Deed.StartTls())
                : new Step(stage, new Deed.Wrong("-ERR TLS is on already or not to be had"));
    }

    private static Step auth(Stage.Nobody nobody, String mechanism, Deed deed, Door door) {
        if (!door.login) {
            return new Step(nobody, new Deed.Wrong(NO_PLAINTEXT));
        }
        return mechanism.equals("PLAIN")
                ? new Step(nobody, deed)
                : new Step(nobody, new Deed.Wrong("-ERR only PLAIN is offered"));
    }

    private static Step inside(Stage.Reading reading, Command command) {
        return switch (command) {
            case Command.OfBox ask -> new Step(reading, new Deed.Ask(ask));
            case Command.Capa _ -> new Step(reading, new Deed.Capabilities());
            case Command.Quit _ -> new Step(reading, new Deed.Update());
            case Command.Bad(String why) -> new Step(reading, new Deed.Wrong("-ERR " + why));
            case Command.User _,
                    Command.Pass _,
                    Command.Apop _,
                    Command.Auth _,
                    Command.AuthAtOnce _,
                    Command.AuthList _,
                    Command.Stls _,
                    Command.Utf8 _ -> new Step(reading, new Deed.Wrong("-ERR logged in already"));
        };
    }
}
