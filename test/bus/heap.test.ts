import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Heap } from '../../src/bus/heap.ts';

type Member = { place: number; rank: number };

test('whatever is added, moved and removed, the first is on top', () => {
  const step = fc.record({
    what: fc.constantFrom('add', 'move', 'remove', 'take'),
    which: fc.nat(1000),
    rank: fc.integer({ min: 0, max: 20 }),
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
      const heap = new Heap<Member>((a, b) => a.rank < b.rank);
      const members: Member[] = [];
      for (const { what, which, rank } of steps) {
        const i = which % Math.max(1, members.length);
        const member = members[i];
        if (what === 'add' || member === undefined) {
          const added = { place: -1, rank };
          members.push(added);
          heap.add(added);
        } else if (what === 'move') {
          member.rank = rank;
          heap.moved(member);
        } else {
          const gone = what === 'take' ? heap.top! : member;
          heap.remove(gone);
          members.splice(members.indexOf(gone), 1);
          expect(gone.place).toBe(-1);
        }
        expect(heap.size).toBe(members.length);
        expect(heap.top?.rank).toBe(members.length === 0 ? undefined : Math.min(...members.map((one) => one.rank)));
      }
      const inOrder: number[] = [];
      for (let top = heap.top; top !== undefined; top = heap.top) {
        inOrder.push(top.rank);
        heap.remove(top);
      }
      expect(inOrder).toEqual(members.map((one) => one.rank).sort((a, b) => a - b));
    }),
    { numRuns: 300 },
  );
});
