/** After the last spec: every server that the specs asked for ends, and its files go. */
export default async function teardown() {
  await globalThis.foodshedTestHost?.stop();
}
