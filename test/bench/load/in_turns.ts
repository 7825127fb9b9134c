/**
 * Measures one and the other in turns, for a number of rounds. The second of a round is the first of the next one, so that
 * changes on the machine affect both.
 */
export async function inTurns<T>(
  rounds: number,
  one: (round: number) => Promise<T>,
  other: (round: number) => Promise<T>,
): Promise<{ readonly ours: T[]; readonly peers: T[] }> {
  const ours: T[] = [];
  const peers: T[] = [];
  for (let round = 0; round < rounds; round++) {
    if (round % 2 === 0) {
      ours.push(await one(round));
      peers.push(await other(round));
    } else {
      peers.push(await other(round));
      ours.push(await one(round));
    }
  }
  return { ours, peers };
}
