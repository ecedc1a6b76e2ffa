/** The whole page. */
export function App() {
  return <p>Partner broker</p>;
}
