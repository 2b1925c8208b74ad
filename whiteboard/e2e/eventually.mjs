/** Tries until the assertion holds. */
export async function eventually(assertion, timeout = 30_000) {
  const end = Date.now() + timeout;
  for (;;) {
    try {
      return await assertion();
    } catch (problem) {
      if (Date.now() > end) {
        throw problem;
      }
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}
