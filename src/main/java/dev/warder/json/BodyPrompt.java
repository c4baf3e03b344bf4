package dev.warder.json;

/**
 * The bound of a prompt's length by the length of its body. Immutable.
 *
 * @param refersElsewhere whether a part of the prompt is not in the body but in a file or at an address
 * @param grows whether the upstream may add prompts while it responds: by tools that it runs itself, MCP servers or a
 * container
 * @param searches whether it has a tool by which the upstream searches the web or fetches from it
 * @param hasFile whether a file is in the body that is no image, such as a PDF: its text may be packed
 * @param images how many images are in the body
 * @param imageBytes how many bytes of the body the data of images has, where these are certainly images for the upstream too
 * @param kept tokens of the conversation before, which the upstream keeps; 0 where the body has all of it, {@link #ANY}
 * where it is
 *     not known
 */
public record BodyPrompt(
        boolean refersElsewhere,
        boolean grows,
        boolean searches,
        boolean hasFile,
        int images,
        long imageBytes,
        long kept) {
    public static final long ANY = Long.MAX_VALUE;

    public static final BodyPrompt TEXT = new BodyPrompt(false, false, false, false, 0, 0, 0);

    /** That of a body whose length is of no use, because it is coded. */
    static final BodyPrompt OF_CODED = new BodyPrompt(true, true, false, false, 0, 0, 0);

    public boolean isUnbounded() {
        return refersElsewhere || grows || kept == ANY;
    }

    public boolean mayGrow() {
        return grows || kept == ANY;
    }

    public BodyPrompt withKept(long tokens) {
        return new BodyPrompt(refersElsewhere, grows, searches, hasFile, images, imageBytes, tokens);
    }

    BodyPrompt after(long tokens, BodyPrompt began) {
        return new BodyPrompt(
                refersElsewhere, grows || began.grows, searches || began.searches, hasFile, images, imageBytes, tokens);
    }
}
