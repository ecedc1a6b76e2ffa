import { isHelpShown, KEYS } from '../keys.ts';
import { Dialog } from './dialog.tsx';

/** The keys, shown by `?`. */
export function Help() {
  if (!isHelpShown.value) return null;
  const close = () => {
    isHelpShown.value = false;
  };
  return (
    <Dialog title="Keys" close={close}>
      <dl class="pairs">
        {KEYS.map(([key, does]) => (
          <div key={key}>
            <dt>
              <kbd>{key}</kbd>
            </dt>
            <dd>{does}</dd>
          </div>
        ))}
      </dl>
    </Dialog>
  );
}
