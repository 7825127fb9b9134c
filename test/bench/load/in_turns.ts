/**
 * Measures one and the other in turns, as often as told; whoever was second is first in the next round, so that what
 * changes on the machine meanwhile changes both.
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
