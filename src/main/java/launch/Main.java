package launch;

/** Entry point of the executable WAR. */
public final class Main {
    private Main() {}

    /** Starts the standalone form. */
    public static void main(String[] arguments) {
        System.out.println(arguments.length);
    }
}
