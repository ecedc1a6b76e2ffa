/**
 * A process that is killed right before its n-th write, and stays dead until it is started again.
 */
export function createDeath(write: number) {
  let left = write;
  let isRevived = false;
  return {
    step: () => {
      left--;
      if (left <= 0 && !isRevived) throw new Error('killed');
    },
    revive: () => {
      isRevived = true;
    },
  };
}
